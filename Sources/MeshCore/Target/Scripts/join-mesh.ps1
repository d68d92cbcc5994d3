# Finishes a join that meshctl could not do over SSH: run by the logon task, by RunOnce, or by a person
# through C:\temp\join-mesh.ps1. Lies in ProgramData\meshctl beside join.json (flags, times; no secret) and
# key.txt, which no text mentions but by its path. Safe to run again: after a join it finds nothing to do.
[CmdletBinding()]
param(
  # Said by the logon task: meshctl waits for the result, reads what the client says, and removes the rest.
  [switch]$Told
)
$ErrorActionPreference = 'Stop'
$folder = Join-Path $env:ProgramData 'meshctl'
$keyFile = Join-Path $folder 'key.txt'
$resultFile = Join-Path $folder 'result.txt'
$stateFile = Join-Path $folder 'state.json'
$joinFile = Join-Path $folder 'join.json'

function Write-Result([string]$Words) {
  [IO.File]::WriteAllText($resultFile, $Words)
  Write-Host $Words
}

# Words as one command line (the rules of CommandLineToArgvW).
function Get-CommandLine([string[]]$Words) {
  $quoted = foreach ($word in $Words) {
    if ($word -ne '' -and $word -notmatch '[\s"]') {
      $word
    } else {
      '"' + ($word -replace '(\\*)"', '$1$1\"' -replace '(\\+)\z', '$1$1') + '"'
    }
  }
  return (@($quoted) -join ' ')
}

function Invoke-Client([int]$Seconds, [string[]]$Words) {
  $start = New-Object Diagnostics.ProcessStartInfo
  $start.FileName = $program
  $start.Arguments = Get-CommandLine $Words
  $start.UseShellExecute = $false
  $start.CreateNoWindow = $true
  $start.RedirectStandardOutput = $true
  $start.RedirectStandardError = $true
  $process = [Diagnostics.Process]::Start($start)
  $out = $process.StandardOutput.ReadToEndAsync()
  $err = $process.StandardError.ReadToEndAsync()
  $code = 124
  if ($process.WaitForExit($Seconds * 1000)) { $code = $process.ExitCode } else { $process.Kill() }
  [void]$out.Wait(5000)
  [void]$err.Wait(5000)
  return @{ Code = $code; Out = [string]$out.Result; Words = ($out.Result + "`n" + $err.Result).Trim() }
}

# Empty where the client is on the mesh that the file names, else what it says.
function Get-Missing {
  $answer = Invoke-Client 15 @('status', '--json', '--peers=false')
  if ($answer.Code -ne 0) { return $answer.Words }
  $state = [string]($answer.Out | ConvertFrom-Json).BackendState
  if ($state -ne 'Running' -and $state -ne 'Starting') { return 'the client is ' + $state }
  $preferences = Invoke-Client 15 @('debug', 'prefs')
  $server = ''
  if ($preferences.Code -eq 0) { $server = [string]($preferences.Out | ConvertFrom-Json).ControlURL }
  if ($server.TrimEnd('/') -ne $join.url.TrimEnd('/')) { return 'the client belongs to ' + $server }
  return ''
}

# Remove-Files FILES: how many of them stayed.
function Remove-Files([string[]]$Files) {
  $stayed = 0
  foreach ($file in $Files) {
    if ($file -eq '') { continue }
    try {
      [IO.File]::Delete($file)
    } catch [IO.DirectoryNotFoundException] {
      # Somebody removed the launcher's folder.
      $null = $_
    } catch {
      $stayed += 1
      Write-Host $_.Exception.Message
    }
  }
  return $stayed
}

# Removes all that waited, this script too; true where nothing stayed. The key first: whatever else stays, that
# must not. The note goes last and only then: by it meshctl finds what somebody who is no administrator left.
function Remove-Waiting {
  $stayed = Remove-Files $keyFile
  try {
    $run = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce'
    if ($null -ne (Get-ItemProperty -LiteralPath $run -Name '!meshctl' -ErrorAction SilentlyContinue)) {
      Remove-ItemProperty -LiteralPath $run -Name '!meshctl'
    }
    if ($null -ne (Get-ScheduledTask -TaskName 'meshctl-join' -ErrorAction SilentlyContinue)) {
      Unregister-ScheduledTask -TaskName 'meshctl-join' -Confirm:$false
    }
  } catch {
    $stayed += 1
    Write-Host $_.Exception.Message
  }
  $names = 'status.txt', 'prefs.txt', 'result.txt', 'launcher.ps1', 'join-mesh.ps1', 'join.json'
  $files = @($names | ForEach-Object { Join-Path $folder $_ })
  $stayed += Remove-Files (@([string]$join.launcher) + $files)
  if ($stayed -eq 0) { $stayed = Remove-Files $stateFile }
  return $stayed -eq 0
}

# What the client says of itself now, for meshctl, which may not ask it: it belongs to us.
function Write-Client {
  foreach ($pair in @(@('status.txt', @('status', '--json', '--peers=false')), @('prefs.txt', @('debug', 'prefs')))) {
    $answer = Invoke-Client 15 $pair[1]
    if ($answer.Code -eq 0) { [IO.File]::WriteAllText((Join-Path $folder $pair[0]), $answer.Out) }
  }
}

if (-not [IO.File]::Exists($joinFile)) {
  Write-Host 'Nothing waits here: this computer has joined, or meshctl has taken the join back.'
  exit 0
}
$join = [IO.File]::ReadAllText($joinFile) | ConvertFrom-Json
$program = [string]$join.program
$lock = $null
try {
  $lock = [IO.File]::Open((Join-Path $folder 'join.lock'), 'OpenOrCreate', 'ReadWrite', 'None')
} catch [IO.IOException] {
  Write-Host 'Another join runs on this computer; try again in a minute.'
  exit 75
}
try {
  $missing = Get-Missing
  if ($missing -ne '') {
    if (-not [IO.File]::Exists($keyFile)) {
      Write-Result 'failed: the key is gone; run meshctl apply again'
      exit 1
    }
    $end = [DateTime]::Parse([string]$join.expires, [Globalization.CultureInfo]::InvariantCulture)
    if ([DateTime]::UtcNow -ge $end.ToUniversalTime()) {
      [IO.File]::Delete($keyFile)
      Write-Result 'failed: authkey expired; run meshctl apply again'
      exit 1
    }
    $seconds = [int]$join.timeout
    $flags = @($join.flags) + @(('--auth-key=file:' + $keyFile), ('--timeout=' + $seconds + 's'))
    Write-Host 'Joining the mesh, this takes up to two minutes...'
    $answer = Invoke-Client ($seconds + 15) (@('up') + $flags)
    if ($answer.Code -eq 0) {
      # A client that nobody holds drops its node when the command has ended.
      Start-Sleep -Seconds 15
      $missing = Get-Missing
    } else {
      $missing = 'tailscale up: exit ' + $answer.Code + "`n" + $answer.Words
    }
  }
  if ($missing -eq '') {
    if ($Told) {
      Write-Client
      # Should meshctl be gone by now, the note brings it back for the rest.
      $null = Remove-Files $keyFile
      Write-Result 'joined'
    } elseif (Remove-Waiting) {
      Write-Host 'joined'
    } else {
      Write-Result 'joined'
    }
    exit 0
  }
  $key = ''
  if ([IO.File]::Exists($keyFile)) { $key = [IO.File]::ReadAllText($keyFile).Trim() }
  if ($key -ne '') { $missing = $missing.Replace($key, '(secret)') }
  Write-Result ('failed: ' + $missing)
  exit 1
} catch {
  Write-Result ('failed: ' + $_.Exception.Message)
  exit 1
} finally {
  $lock.Dispose()
}
