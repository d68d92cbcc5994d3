# Reads all facts of a host in one round trip; changes nothing, asks for nothing, and leaves the client
# to whoever holds it (Get-Holder).

# The machine's own architecture: an emulated or 32-bit session is told another one.
function Get-Architecture {
  if ($env:PROCESSOR_ARCHITEW6432) { return $env:PROCESSOR_ARCHITEW6432 }
  $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
  $machine = [string](Get-RegistryValue $key 'PROCESSOR_ARCHITECTURE')
  if ($machine -ne '') { return $machine }
  return $env:PROCESSOR_ARCHITECTURE
}

function Get-ServiceState {
  $service = Get-ClientService
  if ($null -eq $service) { return 'missing' }
  if ($service.Status -eq 'Running') { return 'running' }
  return 'stopped'
}

# `Name=value` lines of the policies that count; the file beats the registry, and the old key comes
# last. AuthKey is a secret: only that there is one is told.
function Get-Policies {
  $names = @(
    'LoginURL', 'UnattendedMode', 'AlwaysOn.Enabled', 'UseTailscaleSubnets', 'UseTailscaleDNSSettings',
    'AllowIncomingConnections', 'AdvertiseExitNode', 'Hostname', 'AuthKey'
  )
  $sources = @()
  $file = Join-Path $ClientData 'syspolicy.json'
  if ([IO.File]::Exists($file)) { $sources += [IO.File]::ReadAllText($file) | ConvertFrom-Json }
  foreach ($key in 'HKLM:\SOFTWARE\Policies\Tailscale', 'HKLM:\SOFTWARE\Tailscale IPN') {
    $sources += Get-ItemProperty -LiteralPath $key -ErrorAction SilentlyContinue
  }
  foreach ($name in $names) {
    foreach ($source in $sources) {
      if ($null -eq $source -or $null -eq $source.PSObject.Properties[$name]) { continue }
      $value = [string]$source.$name
      if ($name -eq 'AuthKey' -and $value -ne '') { $value = 'set' }
      $name + '=' + ($value -replace '[\r\n]', ' ')
      break
    }
  }
}

# Other virtual networks that are up: `yes|no NAME`, yes where it holds the way to everywhere at a better
# price than the real network, so that the LAN may be out of reach.
function Get-OtherNetworks {
  $known = 'NordLynx|NordVPN|WireGuard|OpenVPN|TAP-Windows|TAP-Nord|Mullvad|Proton|ExpressVPN|Surfshark|ZeroTier|' +
    'Cloudflare|WARP|AnyConnect|Cisco Secure Client|Fortinet|FortiClient|PANGP|GlobalProtect|Pulse|Juniper|SonicWall|' +
    'Check Point|Sophos|Netskope|Zscaler|Private Internet Access|IVPN|Windscribe|Netbird|Hamachi|SoftEther'
  $routes = @(Get-NetRoute -AddressFamily IPv4 -ErrorAction SilentlyContinue | Where-Object {
      @('0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1') -contains $_.DestinationPrefix
    })
  foreach ($interface in [Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
    if ($interface.OperationalStatus -ne 'Up') { continue }
    $name = $interface.Name + ' ' + $interface.Description
    if ($name -match 'Tailscale' -or $name -notmatch $known) { continue }
    $index = -1
    try { $index = $interface.GetIPProperties().GetIPv4Properties().Index } catch { $index = -1 }
    $own = @($routes | Where-Object { $_.ifIndex -eq $index })
    $others = @($routes | Where-Object { $_.ifIndex -ne $index })
    $others = @($others | Where-Object { $_.DestinationPrefix -eq '0.0.0.0/0' })
    $cuts = 'no'
    if (@($own | Where-Object { $_.DestinationPrefix -ne '0.0.0.0/0' }).Count -gt 0) {
      # Two halves of everything are narrower than the real default route, whatever they cost.
      $cuts = 'yes'
    } elseif ($own.Count -gt 0) {
      $best = ($others | ForEach-Object { Get-Price $_ } | Measure-Object -Minimum).Minimum
      $price = ($own | ForEach-Object { Get-Price $_ } | Measure-Object -Minimum).Minimum
      if ($others.Count -eq 0 -or $price -lt $best) { $cuts = 'yes' }
    }
    $cuts + ' ' + $interface.Name + ' (' + $interface.Description + ')'
  }
}

function Get-Price($Route) {
  $interface = Get-NetIPInterface -InterfaceIndex $Route.ifIndex -AddressFamily IPv4 -ErrorAction SilentlyContinue
  if ($null -eq $interface) { return [int]$Route.RouteMetric }
  return [int]$Route.RouteMetric + [int]$interface.InterfaceMetric
}

function Test-RebootPending {
  $current = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion'
  if (Test-Path -LiteralPath ($current + '\Component Based Servicing\RebootPending')) { return $true }
  return Test-Path -LiteralPath ($current + '\WindowsUpdate\Auto Update\RebootRequired')
}

function Get-Winget {
  $found = Get-Command -Name 'winget.exe' -CommandType Application -ErrorAction SilentlyContinue
  if ($null -ne $found) { return @($found)[0].Source }
  return ''
}

# What a hand-over left here, with the words of the last try.
function Get-Waiting {
  $file = Join-Path $MeshctlData 'state.json'
  if (-not [IO.File]::Exists($file)) { return '' }
  $null = Get-OwnFolder
  $note = [IO.File]::ReadAllText($file) | ConvertFrom-Json
  $result = Join-Path $MeshctlData 'result.txt'
  $words = ''
  if ([IO.File]::Exists($result)) { $words = [IO.File]::ReadAllText($result).Trim() }
  $told = @{
    keyId = [string]$note.keyId; created = [string]$note.created; expires = [string]$note.expires
    url = [string]$note.url; line = [string]$note.line; result = $words
  }
  return ConvertTo-Json -InputObject $told -Compress
}

# Write-Fact NAME BLOCK: a section; what cannot be read is a section too and never ends the probe.
function Write-Fact([string]$Name, [scriptblock]$Block) {
  try {
    Write-Section $Name 0 ((@(& $Block) | ForEach-Object { [string]$_ }) -join "`n")
  } catch {
    Write-Section $Name 1 $_.Exception.Message
  }
}

$windows = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
Write-Section 'uname' 0 'Windows_NT'
Write-Fact 'machine' { Get-Architecture }
Write-Fact 'product' {
  # The name in the registry still says 10 on Windows 11; the build does not.
  $name = [string](Get-RegistryValue $windows 'ProductName')
  if ([int](Get-RegistryValue $windows 'CurrentBuildNumber') -ge 22000) {
    $name = $name -replace 'Windows 10', 'Windows 11'
  }
  $name
}
Write-Fact 'build' {
  [string][Environment]::OSVersion.Version.Major + '.' + [Environment]::OSVersion.Version.Minor + '.' +
    (Get-RegistryValue $windows 'CurrentBuildNumber') + '.' + (Get-RegistryValue $windows 'UBR')
}
Write-Fact 'user' { (Get-Identity).Name }
Write-Fact 'sid' { (Get-Identity).User.Value }
Write-Fact 'uid' { if (Test-Administrator) { '0' } else { '1000' } }
Write-Fact 'hostname' { [Net.Dns]::GetHostName() }
Write-Fact 'sshd' {
  $service = Get-Service -Name 'sshd' -ErrorAction SilentlyContinue
  if ($null -ne $service) { [string]$service.Status + ' ' + $service.StartType }
}
Write-Fact 'ssh' { $env:SSH_CONNECTION }
Write-Fact 'service' { Get-ServiceState }
Write-ClientSection 'client-version' @('version', '--json')
$holder = Get-Holder
Write-ClientState 'status' $holder
Write-Section 'not-asked' 0 $holder.NotAsked
Write-Section 'logged-in' 0 $(if ($holder.LoggedIn) { 'yes' } elseif ($holder.Readable) { 'no' } else { '' })
Write-Fact 'owner' { if ($holder.Owner -ne '') { Get-AccountName $holder.Owner } }
Write-Fact 'windows' { $holder.Windows | Where-Object { $_ -ne '' } | ForEach-Object { Get-AccountName $_ } }
Write-Fact 'logged-on' {
  Get-ProcessOwners 'explorer.exe' | Where-Object { $_ -ne '' } | ForEach-Object { Get-AccountName $_ }
}
Write-Fact 'policy' { Get-Policies }
Write-Fact 'networks' { Get-OtherNetworks }
Write-Fact 'winget' { Get-Winget }
Write-Fact 'reboot' { if (Test-RebootPending) { 'yes' } else { 'no' } }
Write-Fact 'tools' { if (Test-Path -LiteralPath (Join-Path $System32 'curl.exe')) { 'curl' } }
Write-Section 'forwarding' 0 ''
Write-Fact 'client-logs' { Get-ClientLogs }
Write-Fact 'waiting' { Get-Waiting }
Write-End
