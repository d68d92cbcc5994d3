# Enables the OpenSSH server of Windows: installs it where it is missing, starts it now and at every boot,
# and opens the firewall in all profiles. Safe to run again; run it in an elevated PowerShell.
#
#   powershell -NoProfile -ExecutionPolicy Bypass -File enable-ssh.ps1 [-Port N] [-RemoteAddress CIDR] [-User NAME]
#
# Windows 10 1809 and later, Server 2019 and later. Server 2025 has the server installed: there it is
# only started. Nothing is downloaded but the Windows feature itself; where that fails, an MSI of
# Win32-OpenSSH that lies beside this script is used. setup-ssh-key.ps1 beside it is run at the end.
# Log: %SystemRoot%\Logs\meshctl-enable-ssh.log
[CmdletBinding()]
param(
  [int]$Port = 0,
  [string]$RemoteAddress = '',
  # Whose keys setup-ssh-key.ps1 beside this script adds; see there.
  [string]$User = '',
  [string]$LogFile = ''
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
# Only administrators may write there, unlike in a new folder of ProgramData.
if (-not $LogFile) { $LogFile = Join-Path $env:SystemRoot 'Logs\meshctl-enable-ssh.log' }

function Write-Line([string]$Text) {
  Write-Host "enable-ssh: $Text"
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

function Get-ErrorCode($Record) {
  $text = '0x{0:x8}' -f $Record.Exception.HResult
  if ($Record.Exception.Message -match '0x800f[0-9a-fA-F]{4}') { $text = $Matches[0].ToLowerInvariant() }
  return $text
}

function Test-Administrator {
  $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
  $principal = New-Object Security.Principal.WindowsPrincipal $identity
  return $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

function Test-Listening([int]$Number) {
  $client = New-Object Net.Sockets.TcpClient
  try {
    $client.Connect('127.0.0.1', $Number)
    return $true
  } catch {
    return $false
  } finally {
    $client.Close()
  }
}

function Add-Server {
  $name = 'OpenSSH.Server~~~~0.0.1.0'
  $capability = Get-WindowsCapability -Online -Name $name
  if ($capability.State -eq 'Installed') { return }
  Write-Line "adding the Windows capability $name (this takes minutes)"
  $result = Add-WindowsCapability -Online -Name $name
  if ($result.RestartNeeded) { Write-Line 'WARNING: Windows wants a restart to finish this' }
}

# 0x800f0954: the machine is told to take features from a WSUS server, which does not have this one.
# Windows Update is asked instead, and the setting is put back whatever happens.
function Add-ServerPastUpdateServer {
  $key = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU'
  $old = (Get-ItemProperty -LiteralPath $key -Name UseWUServer -ErrorAction SilentlyContinue)
  if ($null -eq $old) { throw 'features come from elsewhere, but no WSUS server is set (UseWUServer)' }
  Write-Line 'the WSUS server does not have it; asking Windows Update once'
  try {
    Set-ItemProperty -LiteralPath $key -Name UseWUServer -Value 0
    Restart-Service wuauserv -Force
    Add-Server
  } finally {
    Set-ItemProperty -LiteralPath $key -Name UseWUServer -Value $old.UseWUServer
    Restart-Service wuauserv -Force -ErrorAction SilentlyContinue
  }
}

function Get-Package {
  if (-not $PSScriptRoot) { return $null }
  $machine = $env:PROCESSOR_ARCHITECTURE
  if (Test-Path Env:PROCESSOR_ARCHITEW6432) { $machine = $env:PROCESSOR_ARCHITEW6432 }
  $word = 'Win64'
  if ($machine -eq 'ARM64') { $word = 'ARM64' }
  if ($machine -eq 'x86') { $word = 'Win32' }
  $files = @(Get-ChildItem -LiteralPath $PSScriptRoot -Filter "OpenSSH-$word*.msi" | Sort-Object Name)
  if ($files.Count -eq 0) { return $null }
  return $files[-1].FullName
}

function Install-Package([string]$File) {
  $signature = Get-AuthenticodeSignature -LiteralPath $File
  if ($signature.Status -ne 'Valid' -or $signature.SignerCertificate.Subject -notmatch 'O=Microsoft Corporation') {
    throw "$File is not signed by Microsoft ($($signature.Status))"
  }
  Write-Line "installing $File"
  $log = [IO.Path]::ChangeExtension($LogFile, '.msi.log')
  $arguments = @('/i', "`"$File`"", '/qn', '/norestart', 'ADDLOCAL=Server', '/l*v', "`"$log`"")
  $process = Start-Process -FilePath "$env:SystemRoot\System32\msiexec.exe" -ArgumentList $arguments -Wait -PassThru
  if (@(0, 1641, 3010) -notcontains $process.ExitCode) { throw "msiexec ended with $($process.ExitCode); see $log" }
}

function Install-Server {
  try {
    Add-Server
    return
  } catch {
    $code = Get-ErrorCode $_
    $why = "$code $($_.Exception.Message)"
  }
  if ($code -eq '0x800f0954') {
    try {
      Add-ServerPastUpdateServer
      return
    } catch {
      $why = "$why; then: $($_.Exception.Message)"
    }
  }
  Write-Line "the Windows capability cannot be added: $why"
  $package = Get-Package
  if ($package) {
    try {
      Install-Package $package
      return
    } catch {
      Stop-Run $_.Exception.Message
    }
  }
  if ($code -eq '0x800f0950') {
    Stop-Run ('remove the capability (Remove-WindowsCapability -Online -Name OpenSSH.Server~~~~0.0.1.0), ' +
      'restart, run this again')
  }
  Stop-Run ('it needs Windows Update; without that, put OpenSSH-Win64-v*.msi ' +
    '(github.com/PowerShell/Win32-OpenSSH) beside this script')
}

function Set-Port([int]$Number) {
  $config = Join-Path $env:ProgramData 'ssh\sshd_config'
  $lines = @([IO.File]::ReadAllLines($config))
  $said = @($lines | Where-Object { $_ -match '^\s*Port\s+\d+' })
  if (@($said | Where-Object { $_ -match "^\s*Port\s+$Number\s*$" }).Count -gt 0) { return }
  $new = @("Port $Number")
  # A Port line takes the place of the default, so 22 has to be said where no line says a port.
  if ($said.Count -eq 0 -and $Number -ne 22) { $new = @('Port 22', "Port $Number") }
  if ($said.Count -eq 0 -and $Number -eq 22) { return }
  # In front: further down it would fall into the Match block for administrators.
  $plain = New-Object Text.UTF8Encoding $false
  [IO.File]::WriteAllText($config, (($new + $lines) -join "`r`n") + "`r`n", $plain)
  Restart-Service sshd
  Write-Line "sshd listens on port $Number too"
}

function Open-Firewall([int]$Number) {
  $name = 'OpenSSH-Server-In-TCP'
  if ($Number -ne 22) { $name = "meshctl-sshd-In-TCP-$Number" }
  $change = @{ Name = $name; Enabled = 'True'; Profile = 'Any' }
  if ($RemoteAddress) { $change.RemoteAddress = $RemoteAddress }
  if (Get-NetFirewallRule -Name $name -ErrorAction SilentlyContinue) {
    Set-NetFirewallRule @change
  } else {
    $change.DisplayName = "OpenSSH Server (sshd), port $Number"
    New-NetFirewallRule @change -Direction Inbound -Protocol TCP -Action Allow -LocalPort $Number | Out-Null
  }
  Write-Line "the firewall lets port $Number in, in all profiles ($name)"
}

if (-not (Test-Administrator)) { Stop-Run 'this needs an elevated PowerShell (Run as administrator)' }
if ($Port -lt 0 -or $Port -gt 65535) { Stop-Run '-Port takes a number up to 65535' }
# Asking for the capability is slow, so the service is looked for first.
if (Get-Service sshd -ErrorAction SilentlyContinue) {
  Write-Line 'the OpenSSH server is installed'
} else {
  Install-Server
  if (-not (Get-Service sshd -ErrorAction SilentlyContinue)) {
    Stop-Run 'it was installed, but there is no service sshd: remove the capability, restart, run this again'
  }
}
try {
  Set-Service sshd -StartupType Automatic
  # The first start makes host keys and sshd_config.
  Start-Service sshd
  (Get-Service sshd).WaitForStatus('Running', [TimeSpan]::FromSeconds(30))
  if ($Port -gt 0) { Set-Port $Port }
} catch {
  Stop-Run "sshd does not start: $($_.Exception.Message)"
}
$open = 22
if ($Port -gt 0) { $open = $Port }
try {
  Open-Firewall $open
} catch {
  Write-Line "WARNING: the firewall rule for port $open cannot be set: $($_.Exception.Message)"
}
if ($PSScriptRoot) {
  $second = Join-Path $PSScriptRoot 'setup-ssh-key.ps1'
  if (Test-Path -LiteralPath $second) {
    # It says why itself, and always ends by `exit`, so that no older code is read here.
    & $second -User $User -LogFile $LogFile
    if ($LASTEXITCODE -ne 0) { Stop-Run "the keys were not added: setup-ssh-key.ps1 ended with $LASTEXITCODE" }
  }
}
$tries = 0
while (-not (Test-Listening $open)) {
  $tries += 1
  if ($tries -ge 20) { Stop-Run "sshd runs, but does not listen on port $open" }
  Start-Sleep -Milliseconds 500
}
Write-Line "ok: sshd listens on port $open"
