# Hands the join over to whoever is logged on here, or will be: files that wait, RunOnce at the next logon of
# an administrator, and a task in the session of somebody who is logged on now (reference
# tailscale-client.md 3.3, rungs 3 and 4).
#
# ARGS           `tailscale up` flags, one a line, without key and timeout
# URL            the login server
# TIMEOUT        seconds for `up`
# KEY_ID         the server's id of the key
# KEY_EXPIRES    when the server will refuse it (RFC 3339)
# AUTH_KEY_FILE  path of the key file in the private folder
# JOIN_SCRIPT    the text of join-mesh.ps1
# LAUNCHER       the text of join-mesh-launcher.ps1

$Temp = Join-Path $env:SystemDrive '\temp'
$administrators = '(A;;FA;;;SY)(A;;FA;;;BA)'

# Get-FileAccess USERS RIGHTS: SYSTEM and administrators may everything, these users this, nobody else anything.
function Get-FileAccess([string[]]$Users, [string]$Rights) {
  $security = New-Object Security.AccessControl.FileSecurity
  $entries = $Users | ForEach-Object { '(A;;' + $Rights + ';;;' + $_ + ')' }
  $security.SetSecurityDescriptorSddlForm('D:P' + $administrators + (@($entries) -join ''))
  return $security
}

# New-DataFile NAME TEXT USERS RIGHTS: a new file of the data folder, protected from the moment it exists. What
# lay there is removed first, so nobody who made or opened a file of that name keeps a hold on this one.
function New-DataFile([string]$Name, [string]$Text, [string[]]$Users, [string]$Rights) {
  $file = Join-Path $folder $Name
  [IO.File]::Delete($file)
  $stream = New-Object IO.FileStream -ArgumentList @(
    $file, [IO.FileMode]::CreateNew, [Security.AccessControl.FileSystemRights]::Write, [IO.FileShare]::None, 4096,
    [IO.FileOptions]::None, (Get-FileAccess $Users $Rights))
  try {
    $bytes = (New-Object Text.UTF8Encoding $false).GetBytes($Text)
    $stream.Write($bytes, 0, $bytes.Length)
  } finally {
    $stream.Dispose()
  }
}

# The launcher where the person looks for it. Anybody who may write in that folder could put another script
# in its place, so an existing folder that is not an administrator's alone is left; the data folder has one too.
function New-Launcher {
  $inside = Join-Path $folder 'launcher.ps1'
  New-DataFile 'launcher.ps1' $Call['LAUNCHER'] @('BU') '0x1200a9'
  try {
    if (-not (Test-Path -LiteralPath $Temp)) {
      $security = New-Object Security.AccessControl.DirectorySecurity
      $security.SetSecurityDescriptorSddlForm('O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)')
      [void][IO.Directory]::CreateDirectory($Temp, $security)
    }
    if (-not (Test-Safe $Temp @())) { return $inside }
    $outside = Join-Path $Temp 'join-mesh.ps1'
    [IO.File]::Delete($outside)
    [IO.File]::WriteAllText($outside, $Call['LAUNCHER'])
    [IO.File]::SetAccessControl($outside, (Get-FileAccess @('BU') '0x1200a9'))
    return $outside
  } catch {
    return $inside
  }
}

# Who is logged on, whoever has the client or its window first.
function Get-People($Holder) {
  $people = @(Get-ProcessOwners 'explorer.exe' | Where-Object { $_ -ne '' })
  $first = @(@($Holder.Owner) + @($Holder.Windows) | Where-Object { $_ -ne '' -and $people -contains $_ })
  return @(@($first) + $people | Select-Object -Unique)
}

# Runs the join in the session of one user; the words of its result, empty where it did not end in time.
function Invoke-Task([string]$Sid) {
  $arguments = '-NoProfile -NonInteractive -WindowStyle Hidden -ExecutionPolicy Bypass -File "' + $script +
    '" -Told'
  $action = New-ScheduledTaskAction -Execute $PowerShellProgram -Argument $arguments
  $principal = New-ScheduledTaskPrincipal -UserId (Get-AccountName $Sid) -LogonType Interactive -RunLevel Highest
  $limit = New-TimeSpan -Minutes 10
  $settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit $limit -AllowStartIfOnBatteries `
    -DontStopIfGoingOnBatteries
  $null = Register-ScheduledTask -TaskName $JoinTask -Action $action -Principal $principal -Settings $settings -Force
  try {
    Start-ScheduledTask -TaskName $JoinTask
    $result = Join-Path $folder 'result.txt'
    for ($waited = 0; $waited -lt [int]$Call['TIMEOUT'] + 60; $waited++) {
      Start-Sleep -Seconds 1
      $words = ''
      try { $words = [IO.File]::ReadAllText($result).Trim() } catch { $words = '' }
      if ($words -ne '') { return $words }
    }
    return ''
  } finally {
    Unregister-ScheduledTask -TaskName $JoinTask -Confirm:$false
  }
}

# What the client told the person who holds it; meshctl may not ask it.
function Write-Told([string]$Name, [string]$File) {
  $text = ''
  try { $text = [IO.File]::ReadAllText((Join-Path $folder $File)) } catch { $text = '' }
  if ($text -ne '') { Write-Section $Name 0 $text }
}

$program = Get-ClientProgram
if ($program -eq '') {
  Write-Section 'handover' 1 ''
  Write-Section 'evidence' 0 'tailscale: not found'
  Write-End
  return
}
$lock = Get-JoinLock
if ($null -eq $lock) {
  Write-Section 'handover' 1 ''
  Write-Section 'evidence' 0 'another join runs on this host'
  Write-End
  return
}
$lock.Dispose()
$folder = Get-DataFolder
$script = Join-Path $folder 'join-mesh.ps1'
$words = 'nobody is logged on'
try {
  $left = Remove-HandOver
  if ($left -ne '') { throw $left }
  $holder = Get-Holder
  $people = @(Get-People $holder)
  New-DataFile 'join-mesh.ps1' $Call['JOIN_SCRIPT'] $people 'FR'
  $launcher = New-Launcher
  $join = @{
    flags = @(Get-Lines $Call['ARGS']); url = $Call['URL']; timeout = $Call['TIMEOUT']
    expires = $Call['KEY_EXPIRES']; program = $program; launcher = $launcher
  }
  New-DataFile 'join.json' (ConvertTo-Json -InputObject $join -Compress) $people 'FR'
  $line = 'powershell -ExecutionPolicy Bypass -File ' + $launcher
  $note = @{
    keyId = $Call['KEY_ID']; created = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
    expires = $Call['KEY_EXPIRES']; url = $Call['URL']; line = $line
  }
  New-DataFile 'state.json' (ConvertTo-Json -InputObject $note -Compress) @() 'FR'
  # Theirs to change and to remove, because whoever runs the script has to tell and to tidy up.
  foreach ($name in 'result.txt', 'status.txt', 'prefs.txt', 'join.lock') { New-DataFile $name '' $people '0x1301bf' }
  New-DataFile 'key.txt' ([IO.File]::ReadAllText($Call['AUTH_KEY_FILE']).Trim()) $people '0x1301bf'
  Set-ItemProperty -LiteralPath $RunOnceKey -Name '!meshctl' -Value (
    '"' + $PowerShellProgram + '" -NoProfile -WindowStyle Hidden -ExecutionPolicy Bypass -File "' + $script + '"')
} catch {
  $words = $_.Exception.GetBaseException().Message
  # Nothing half-made may wait, a key least of all.
  $left = Remove-HandOver
  Remove-SecretFiles
  Write-Section 'handover' 1 ''
  Write-Section 'evidence' 0 (($words + "`n" + $left).Trim())
  Write-End
  return
}
Remove-SecretFiles

if ($people.Count -gt 0) {
  $task = 'the logon task of ' + (Get-AccountName $people[0])
  try {
    $words = Invoke-Task $people[0]
    if ($words -eq '') { $words = $task + ' did not end in time' }
  } catch {
    $words = $task + ': ' + $_.Exception.Message
  }
}
if ($words -eq 'joined') {
  Write-Told 'status' 'status.txt'
  Write-Told 'prefs' 'prefs.txt'
  $left = Remove-HandOver
  Write-Section 'handover' 0 'joined'
  Write-Section 'evidence' 0 $left
  Write-Section 'line' 0 ''
} else {
  Write-Section 'handover' 0 'waiting'
  Write-Section 'evidence' 0 $words
  Write-Section 'line' 0 $line
  Write-ClientState 'status' (Get-Holder)
}
Write-End
