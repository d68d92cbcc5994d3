# Installs the client: the vendor's MSI for this machine first, winget where that cannot be had.
#
# MIRROR     base URL without a final slash, layout of pkgs.tailscale.com/stable
# VERSION    present, latest or x.y.z
# SHA256     of the MSI, may be empty
# ARCH       amd64, arm64 or x86
# WINGET     yes where winget may be tried (not with a mirror or a checksum of one's own)

$version = $Call['VERSION']
# No window is opened, no first steps are shown, and the client stays up when nobody is logged on. TS_LOGINURL is not
# passed: it becomes a policy of the machine, which silently beats --login-server, also after the server has moved.
$properties = @('TS_NOLAUNCH=1', 'TS_UNATTENDEDMODE=always', 'TS_ONBOARDING_FLOW=hide')
$words = New-Object Collections.ArrayList

function Get-InstalledVersion {
  $answer = Invoke-Client 20 @('version', '--json')
  if ($answer.Code -ne 0) { return '' }
  try { return [string]($answer.Out | ConvertFrom-Json).majorMinorPatch } catch { return '' }
}

# Get-Url URL FILE: empty where it was fetched, else why not.
function Get-Url([string]$Url, [string]$File) {
  $curl = Join-Path $System32 'curl.exe'
  if (Test-Path -LiteralPath $curl) {
    $answer = Invoke-Limited 320 $curl @(
      '-fsSL', '--retry', '2', '--connect-timeout', '20', '--max-time', '300', '-o', $File, $Url)
    if ($answer.Code -eq 0) { return '' }
    return (Get-Words $answer)
  }
  try {
    [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
    Invoke-WebRequest -UseBasicParsing -TimeoutSec 300 -Uri $Url -OutFile $File
    return ''
  } catch {
    return $_.Exception.Message
  }
}

# The MSI's name: as asked for, else what the index says, else the name that always means the newest.
function Get-PackageName {
  if ($version -ne 'present' -and $version -ne 'latest') {
    return 'tailscale-setup-' + $version + '-' + $Call['ARCH'] + '.msi'
  }
  $index = Join-Path (Get-PrivateFolder) 'install.log'
  if ((Get-Url ($Call['MIRROR'] + '/?mode=json') $index) -eq '') {
    try {
      $name = [string](([IO.File]::ReadAllText($index) | ConvertFrom-Json).MSIs.($Call['ARCH']))
      # It becomes part of a URL and of a command line.
      if ($name -match '\Atailscale-setup-[0-9.]+-(amd64|arm64|x86)\.msi\z') { return $name }
    } catch {
      [void]$words.Add('the index of the mirror is no JSON: ' + $_.Exception.Message)
    }
  }
  return 'tailscale-setup-latest-' + $Call['ARCH'] + '.msi'
}

# Why the file must not be run; empty where it may be.
function Get-PackageFault([string]$File) {
  $size = (New-Object IO.FileInfo $File).Length
  if ($size -lt 5242880) {
    return 'what was downloaded has ' + $size + ' bytes and is no installer (a captive portal?)'
  }
  if ($Call['SHA256']) {
    $hash = (Get-FileHash -LiteralPath $File -Algorithm SHA256).Hash
    if ($hash -ne $Call['SHA256']) {
      return 'sha256 is ' + $hash.ToLowerInvariant() + ', the inventory says ' + $Call['SHA256']
    }
  }
  $signature = Get-AuthenticodeSignature -LiteralPath $File
  if ($signature.Status -ne 'Valid') {
    return 'the signature is ' + $signature.Status + ': ' + $signature.StatusMessage
  }
  $signer = $signature.SignerCertificate.Subject
  if ($signer -notmatch '(\A|, )(CN|O)="?Tailscale Inc\.') { return 'it is signed by ' + $signer }
  return ''
}

# Product codes of installed clients.
function Get-ProductCodes {
  $keys = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall',
  'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall'
  foreach ($key in $keys) {
    foreach ($item in @(Get-ChildItem -LiteralPath $key -ErrorAction SilentlyContinue)) {
      if ($item.GetValue('DisplayName') -eq 'Tailscale' -and $item.PSChildName -match '\A\{[0-9A-Fa-f-]{36}\}\z') {
        $item.PSChildName
      }
    }
  }
}

# Runs msiexec; waits while another installation runs. Codes go into the evidence.
function Invoke-Installer([string[]]$Arguments) {
  $log = Join-Path (Get-PrivateFolder) 'install.log'
  $code = 1618
  for ($try = 0; $code -eq 1618 -and $try -lt 4; $try++) {
    if ($try -gt 0) { Start-Sleep -Seconds 30 }
    $all = $Arguments + @('/qn', '/norestart', '/L*v', $log)
    $answer = Invoke-Limited 420 (Join-Path $System32 'msiexec.exe') $all
    $code = $answer.Code
  }
  if ($code -ne 0 -and [IO.File]::Exists($log)) {
    $said = @([IO.File]::ReadAllLines($log) | Where-Object { $_ -match 'Return value 3|error [0-9]{4}|Product: ' })
    foreach ($line in @($said | Select-Object -Last 4)) { [void]$words.Add($line.Trim()) }
  }
  [void]$words.Add('msiexec: exit ' + $code)
  return $code
}

function Test-Installed([int]$Code) { return @(0, 3010, 1641) -contains $Code }

# The stage that failed; empty where the client is installed.
function Install-Package {
  $file = Join-Path (Get-PrivateFolder) 'client.msi'
  $url = $Call['MIRROR'] + '/' + (Get-PackageName)
  $fault = Get-Url $url $file
  if ($fault -ne '') {
    [void]$words.Add($url + ': ' + $fault)
    return 'download'
  }
  $fault = Get-PackageFault $file
  if ($fault -ne '') {
    [void]$words.Add($url + ': ' + $fault)
    return 'key'
  }
  $now = Get-InstalledVersion
  if ($now -ne '' -and $version -match '\A[0-9]' -and [version]$now -gt [version]$version) {
    # The installer refuses to go back.
    foreach ($code in @(Get-ProductCodes)) {
      if (-not (Test-Installed (Invoke-Installer @('/x', $code)))) { return 'install' }
    }
  }
  if (-not (Test-Installed (Invoke-Installer (@('/i', $file) + $properties)))) { return 'install' }
  return ''
}

# True where winget has installed the client.
function Install-ByWinget {
  $found = @(Get-Command -Name 'winget.exe' -CommandType Application -ErrorAction SilentlyContinue)
  if ($found.Count -eq 0) {
    [void]$words.Add('winget: not found')
    return $false
  }
  # The msstore source fails with a certificate error in many places, so only winget's own is asked.
  $arguments = @(
    'install', '--id', 'Tailscale.Tailscale', '-e', '--source', 'winget', '--scope', 'machine', '--installer-type',
    'wix', '--silent', '--accept-source-agreements', '--accept-package-agreements', '--disable-interactivity',
    '--custom', ($properties -join ' ')
  )
  if ($version -match '\A[0-9]') { $arguments += @('--version', $version) }
  $answer = Invoke-Limited 600 $found[0].Source $arguments
  # Progress bars have no words.
  $said = @((Get-Words $answer) -split "`n" | Where-Object { $_ -match '[A-Za-z]{3}' })
  foreach ($line in @($said | Select-Object -Last 4)) { [void]$words.Add($line.Trim()) }
  [void]$words.Add('winget: exit ' + $answer.Code)
  # Nothing newer and already installed count as done; what is there is looked at below.
  return @(0, -1978335189, -1978335135, -1978335153) -contains $answer.Code
}

function Write-Result([string]$Stage) {
  Write-Section 'stage' $(if ($Stage -eq '') { 0 } else { 1 }) $Stage
  Write-Section 'evidence' 0 (@($words) -join "`n")
  Write-Section 'version' 0 (Get-InstalledVersion)
  Write-End
}

$now = Get-InstalledVersion
if ($now -ne '' -and ($version -eq 'present' -or $version -eq $now)) {
  Write-Result ''
  return
}
$stage = Install-Package
# A file that is not what it should be is no reason to try elsewhere: somebody has to look.
if (($stage -eq 'download' -or $stage -eq 'install') -and $Call['WINGET'] -eq 'yes') {
  if (Install-ByWinget) { $stage = '' }
}
Remove-SecretFiles
if ($stage -eq '') {
  $now = Get-InstalledVersion
  if ($now -eq '') {
    [void]$words.Add('the installation succeeded, but there is no client that answers')
    $stage = 'install'
  } elseif ($version -match '\A[0-9]' -and $now -ne $version) {
    [void]$words.Add('the client is ' + $now + ' afterwards, not ' + $version)
    $stage = 'install'
  }
}
Write-Result $stage
