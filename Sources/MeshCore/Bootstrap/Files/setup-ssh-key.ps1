# Lets public keys in over the OpenSSH server of Windows. Safe to run again; run it in an elevated PowerShell.
#
#   powershell -NoProfile -ExecutionPolicy Bypass -File setup-ssh-key.ps1 [-User NAME] [-KeysFile FILE]
#
# Keys come from a file authorized_keys beside this script unless -KeysFile names another. Without
# -User, or for a member of Administrators, they go to %ProgramData%\ssh\administrators_authorized_keys,
# which sshd reads for every administrator instead of their own file; else to that user's own
# .ssh\authorized_keys. They are added to what is there, and nothing is taken away. Owner and ACL are
# set by SIDs, since names are localised, and checked. Log: %SystemRoot%\Logs\meshctl-enable-ssh.log
[CmdletBinding()]
param(
  [string]$User = '',
  [string]$KeysFile = '',
  # The lines themselves, where there is no file (a script on standard input).
  [string]$KeysText = '',
  [string]$LogFile = ''
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$administrators = 'S-1-5-32-544'
$system = 'S-1-5-18'
# Only administrators may write there, unlike in a new folder of ProgramData.
if (-not $LogFile) { $LogFile = Join-Path $env:SystemRoot 'Logs\meshctl-enable-ssh.log' }

function Write-Line([string]$Text) {
  Write-Host "setup-ssh-key: $Text"
  try {
    $folder = Split-Path -Parent $LogFile
    if (-not (Test-Path -LiteralPath $folder)) { New-Item -ItemType Directory -Path $folder -Force | Out-Null }
    $time = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
    [IO.File]::AppendAllText($LogFile, "$time $Text`r`n", (New-Object Text.UTF8Encoding $false))
  } catch {
    # The line was shown; whoever holds the log file now (dockur's own redirection) has it too.
    $null = $_
  }
}

function Stop-Run([string]$Text) {
  Write-Line "FAILED: $Text"
  exit 1
}

function Test-Administrator {
  $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
  $principal = New-Object Security.Principal.WindowsPrincipal $identity
  return $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

function Get-KeyText {
  if ($KeysText) { return $KeysText }
  $file = $KeysFile
  if (-not $file -and $PSScriptRoot) { $file = Join-Path $PSScriptRoot 'authorized_keys' }
  if (-not $file -or -not (Test-Path -LiteralPath $file)) { return '' }
  return Get-FileText $file
}

# PowerShell 5.1 writes UTF-16 by `>`, which sshd passes over without a word: read as what it is.
function Get-FileText([string]$File) {
  $bytes = [IO.File]::ReadAllBytes($File)
  if ($bytes.Length -ge 2 -and $bytes[0] -eq 0xFF -and $bytes[1] -eq 0xFE) {
    return [Text.Encoding]::Unicode.GetString($bytes, 2, $bytes.Length - 2)
  }
  if ($bytes.Length -ge 2 -and $bytes[0] -eq 0xFE -and $bytes[1] -eq 0xFF) {
    return [Text.Encoding]::BigEndianUnicode.GetString($bytes, 2, $bytes.Length - 2)
  }
  if ($bytes.Length -ge 3 -and $bytes[0] -eq 0xEF -and $bytes[1] -eq 0xBB -and $bytes[2] -eq 0xBF) {
    return [Text.Encoding]::UTF8.GetString($bytes, 3, $bytes.Length - 3)
  }
  return [Text.Encoding]::UTF8.GetString($bytes)
}

function Get-Lines([string]$Text) {
  return @($Text -split '\r?\n' | ForEach-Object { $_.Trim() } | Where-Object { $_ -ne '' })
}

# The key itself, without options and comment; '' where the line holds none.
function Get-KeyBlob([string]$Line) {
  if ($Line.StartsWith('#')) { return '' }
  foreach ($word in ($Line -split '\s+')) {
    if ($word -cmatch '^AAAA[0-9A-Za-z+/]+=*$') { return $word }
  }
  return ''
}

function Get-AdministratorSids {
  $known = New-Object Security.Principal.SecurityIdentifier $administrators
  $name = $known.Translate([Security.Principal.NTAccount]).Value
  $group = [ADSI]"WinNT://$env:COMPUTERNAME/$($name.Split('\')[-1]),group"
  foreach ($member in @($group.psbase.Invoke('Members'))) {
    $bytes = $member.GetType().InvokeMember('objectSid', 'GetProperty', $null, $member, $null)
    (New-Object Security.Principal.SecurityIdentifier -ArgumentList $bytes, 0).Value
  }
}

# Each icacls call may say what is wrong in the system's language, so only its exit code counts.
function Invoke-Icacls([string[]]$Arguments) {
  $said = & "$env:SystemRoot\System32\icacls.exe" $Arguments 2>&1
  if ($LASTEXITCODE -ne 0) { throw "icacls $($Arguments -join ' ') ended with $LASTEXITCODE`: $said" }
}

# Owner and exactly these accounts, or sshd passes over the file ("Bad permissions").
function Set-Rights([string]$Path, [string]$Owner, [string[]]$Sids) {
  Invoke-Icacls @($Path, '/reset', '/q')
  Invoke-Icacls @($Path, '/setowner', "*$Owner", '/q')
  $grants = @($Sids | ForEach-Object { "*${_}:F" })
  Invoke-Icacls (@($Path, '/inheritance:r', '/grant:r') + $grants + @('/q'))
  $type = [Security.Principal.SecurityIdentifier]
  $acl = Get-Acl -LiteralPath $Path
  $rules = $acl.GetAccessRules($true, $true, $type)
  $found = @($rules | ForEach-Object { $_.IdentityReference.Value } | Sort-Object -Unique)
  $wanted = @($Sids | Sort-Object -Unique)
  if (($found -join ' ') -ne ($wanted -join ' ')) {
    throw "$Path may be used by $($found -join ', ') and not by $($wanted -join ', ') alone"
  }
  $holder = $acl.GetOwner($type).Value
  if ($holder -ne $Owner) { throw "$Path belongs to $holder and not to $Owner" }
}

function Add-Keys([string]$File, [string[]]$Lines, [string]$Owner, [string[]]$Sids) {
  $present = @()
  if (Test-Path -LiteralPath $File) { $present = @(Get-Lines (Get-FileText $File)) }
  $known = @($present | ForEach-Object { Get-KeyBlob $_ } | Where-Object { $_ })
  $new = @()
  foreach ($line in $Lines) {
    $blob = Get-KeyBlob $line
    if ($known -ccontains $blob) { continue }
    $known += $blob
    $new += $line
  }
  # Beside it and then in its place, so that a crash leaves the old file or the new one; no BOM.
  $temporary = "$File.meshctl"
  $whole = ((@($present) + @($new)) -join "`n") + "`n"
  [IO.File]::WriteAllText($temporary, $whole, (New-Object Text.UTF8Encoding $false))
  Set-Rights $temporary $Owner $Sids
  Move-Item -LiteralPath $temporary -Destination $File -Force
  Set-Rights $File $Owner $Sids
  Write-Line "$File`: $($new.Count) added, $($Lines.Count - $new.Count) there already"
}

if (-not (Test-Administrator)) { Stop-Run 'this needs an elevated PowerShell (Run as administrator)' }
try {
  $text = Get-KeyText
} catch {
  Stop-Run "the keys cannot be read: $($_.Exception.Message)"
}
if ($text -match 'PRIVATE KEY') {
  Stop-Run 'the keys hold a private key; it stays where it is, and only its .pub file comes here'
}
$lines = @(Get-Lines $text | Where-Object { -not $_.StartsWith('#') })
if ($lines.Count -eq 0) {
  Write-Line 'WARNING: no public key was given, so nobody is let in who was not before'
  exit 0
}
$count = @($lines | Where-Object { -not (Get-KeyBlob $_) }).Count
if ($count -gt 0) { Stop-Run "$count of $($lines.Count) lines are no public keys" }
try {
  $sid = ''
  if ($User) {
    $sid = (New-Object Security.Principal.NTAccount $User).Translate([Security.Principal.SecurityIdentifier]).Value
  }
  if (-not $User -or (@(Get-AdministratorSids) -contains $sid)) {
    $folder = Join-Path $env:ProgramData 'ssh'
    if (-not (Test-Path -LiteralPath $folder)) { New-Item -ItemType Directory -Path $folder | Out-Null }
    Add-Keys (Join-Path $folder 'administrators_authorized_keys') $lines $administrators @($administrators, $system)
  } else {
    $key = "HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\$sid"
    if (-not (Test-Path -LiteralPath $key)) { Stop-Run "$User has no profile here yet: let that account log on once" }
    $folder = Join-Path (Get-ItemProperty -LiteralPath $key).ProfileImagePath '.ssh'
    if (-not (Test-Path -LiteralPath $folder)) { New-Item -ItemType Directory -Path $folder | Out-Null }
    # An administrator must not follow a link that the user laid.
    $attributes = (Get-Item -LiteralPath $folder -Force).Attributes
    if ($attributes -band [IO.FileAttributes]::ReparsePoint) { Stop-Run "$folder is a link" }
    Add-Keys (Join-Path $folder 'authorized_keys') $lines $sid @($sid, $administrators, $system)
    Write-Line ("$User is no direct member of Administrators; " +
      'an administrator by way of another group needs the keys without -User')
  }
} catch {
  Stop-Run "the keys cannot be added: $($_.Exception.Message)"
}
# Said, because enable-ssh.ps1 reads it.
exit 0
