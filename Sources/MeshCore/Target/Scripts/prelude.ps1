# Helpers in front of every Windows script (PowerShell 5.1; ASCII only).
#
# $MeshctlMark    random word that begins a section
# $MeshctlFrames  what standard input brought; frame 0 is this script, the others are secrets
# $Call           the parameters by name: PowerShell's own variables (args, host, input) stay free

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$ConfirmPreference = 'None'
$Call = @{}
$script:MeshctlFolder = $null
$System32 = [Environment]::SystemDirectory
$PowerShellProgram = Join-Path $System32 'WindowsPowerShell\v1.0\powershell.exe'
$MeshctlData = Join-Path $env:ProgramData 'meshctl'

# Write-Section NAME STATUS TEXT: one line, in ASCII, so that neither code pages nor stray output of
# other commands can spoil it.
function Write-Section([string]$Name, [int]$Status, [string]$Text) {
  if ($Text.Length -gt 262144) { $Text = $Text.Substring(0, 262144) }
  $data = '-'
  if ($Text.Length -gt 0) { $data = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text)) }
  [Console]::Out.Write([string]::Format("`n{0} {1} {2} {3}`n", $MeshctlMark, $Name, $Status, $data))
}

# The last section; a report without it was cut short.
function Write-End { Write-Section 'end' 0 '' }

function Write-Failure($Record) {
  $place = $Record.InvocationInfo.ScriptLineNumber
  [Console]::Error.WriteLine([string]::Format('{0} (line {1})', $Record.Exception.Message, $place))
}

# Words as one Windows command line (the rules of CommandLineToArgvW).
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

# Invoke-Limited SECONDS PROGRAM WORDS: runs a program without shell, window or standard input, ends it
# and all it started when the time is up. Returns Code (124 = out of time, 127 = cannot be started), Out
# and Error. A plain call would turn what native programs say on standard error into exceptions.
function Invoke-Limited([int]$Seconds, [string]$Program, [string[]]$Words) {
  $start = New-Object Diagnostics.ProcessStartInfo
  $start.FileName = $Program
  $start.Arguments = Get-CommandLine $Words
  $start.UseShellExecute = $false
  $start.CreateNoWindow = $true
  $start.RedirectStandardInput = $true
  $start.RedirectStandardOutput = $true
  $start.RedirectStandardError = $true
  $start.StandardOutputEncoding = [Text.Encoding]::UTF8
  $start.StandardErrorEncoding = [Text.Encoding]::UTF8
  $answer = @{ Code = 127; Out = ''; Error = '' }
  try {
    $process = [Diagnostics.Process]::Start($start)
  } catch {
    $answer.Error = [string]::Format('{0}: {1}', $Program, $_.Exception.GetBaseException().Message)
    return $answer
  }
  $process.StandardInput.Close()
  $out = $process.StandardOutput.ReadToEndAsync()
  $err = $process.StandardError.ReadToEndAsync()
  if ($process.WaitForExit($Seconds * 1000)) {
    $answer.Code = $process.ExitCode
  } else {
    $answer.Code = 124
    Stop-Tree $process
  }
  # A grandchild may hold the pipes for ever.
  if ($out.Wait(5000)) { $answer.Out = $out.Result }
  if ($err.Wait(5000)) { $answer.Error = $err.Result }
  return $answer
}

function Stop-Tree($Process) {
  $start = New-Object Diagnostics.ProcessStartInfo
  $start.FileName = Join-Path $System32 'taskkill.exe'
  $start.Arguments = [string]::Format('/T /F /PID {0}', $Process.Id)
  $start.UseShellExecute = $false
  $start.CreateNoWindow = $true
  $start.RedirectStandardOutput = $true
  $start.RedirectStandardError = $true
  try {
    [void][Diagnostics.Process]::Start($start).WaitForExit(5000)
    if (-not $Process.HasExited) { $Process.Kill() }
  } catch {
    [Console]::Error.WriteLine('cannot end ' + $Process.Id + ': ' + $_.Exception.Message)
  }
}

# Both outputs as one text.
function Get-Words($Answer) {
  return (@($Answer.Out, $Answer.Error) | Where-Object { $_ } | ForEach-Object { $_.Trim() }) -join "`n"
}

function Get-Identity { return [Security.Principal.WindowsIdentity]::GetCurrent() }

# True in an elevated session of an administrator, and for SYSTEM.
function Test-Administrator {
  $principal = New-Object Security.Principal.WindowsPrincipal (Get-Identity)
  return $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

# `MACHINE\user` of a security identifier, or the identifier where Windows does not know it.
function Get-AccountName([string]$Sid) {
  try {
    $identifier = New-Object Security.Principal.SecurityIdentifier $Sid
    return $identifier.Translate([Security.Principal.NTAccount]).Value
  } catch {
    return $Sid
  }
}

function Get-RegistryValue([string]$Key, [string]$Name) {
  $item = Get-ItemProperty -LiteralPath $Key -ErrorAction SilentlyContinue
  if ($null -eq $item) { return $null }
  return $item.$Name
}

# Lines of a parameter, without empty ones.
function Get-Lines([string]$Text) {
  return @($Text -split "`n" | ForEach-Object { $_.Trim("`r") } | Where-Object { $_ -ne '' })
}

# A folder that only SYSTEM, administrators and, where he is none, this user can open; protected from the moment it
# exists, by identifiers, because names are localised. An administrator's belongs to all administrators.
function New-ProtectedFolder([string]$Path) {
  $security = New-Object Security.AccessControl.DirectorySecurity
  $access = 'D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'
  if (Test-Administrator) {
    $access = 'O:BA' + $access
  } else {
    $access += '(A;OICI;FA;;;' + (Get-Identity).User.Value + ')'
  }
  $security.SetSecurityDescriptorSddlForm($access)
  [void][IO.Directory]::CreateDirectory($Path, $security)
}

# The private folder of this run.
function Get-PrivateFolder {
  if ($null -eq $script:MeshctlFolder) {
    $temporary = [IO.Path]::GetTempPath()
    Remove-OldFolders $temporary
    $path = Join-Path $temporary ('meshctl-' + [Guid]::NewGuid().ToString('N'))
    New-ProtectedFolder $path
    $script:MeshctlFolder = $path
  }
  return $script:MeshctlFolder
}

# What a run that was killed left. Links are left alone, and nothing is removed but our own names.
function Remove-OldFolders([string]$Temporary) {
  $old = [DateTime]::UtcNow.AddMinutes(-30)
  foreach ($folder in [IO.Directory]::GetDirectories($Temporary, 'meshctl-*')) {
    if ([IO.Directory]::GetCreationTimeUtc($folder) -gt $old) { continue }
    if ([IO.File]::GetAttributes($folder) -band [IO.FileAttributes]::ReparsePoint) { continue }
    Remove-OwnFolder $folder
  }
}

function Remove-OwnFolder([string]$Folder) {
  try {
    foreach ($name in 'secret-1', 'secret-2', 'client.msi', 'install.log') {
      [IO.File]::Delete((Join-Path $Folder $name))
    }
    [IO.Directory]::Delete($Folder)
  } catch {
    [Console]::Error.WriteLine('left behind: ' + $Folder + ': ' + $_.Exception.Message)
  }
}

# New-SecretFile FRAME: the secret in a file of its own; its path.
function New-SecretFile([int]$Frame) {
  $bytes = [Convert]::FromBase64String($MeshctlFrames[$Frame])
  $path = Join-Path (Get-PrivateFolder) ('secret-' + $Frame)
  [IO.File]::WriteAllBytes($path, $bytes)
  return $path
}

# Runs always, also after a failure.
function Remove-SecretFiles {
  if ($null -ne $script:MeshctlFolder) { Remove-OwnFolder $script:MeshctlFolder }
  $script:MeshctlFolder = $null
}
