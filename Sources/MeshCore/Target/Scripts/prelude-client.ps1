# Helpers about the Tailscale client, behind prelude.ps1 in front of every Windows script.
#
# The daemon serves one user at a time. Whoever asks while nobody holds it becomes that user: it loads
# his profile, and lets go of it when the question is answered, unless it runs unattended. So a mere
# `status` of the wrong user takes a node off the mesh. It is asked only where that cannot happen
# (reference tailscale-client.md 3.1); Get-Holder says where, and why not elsewhere.

$ClientData = Join-Path $env:ProgramData 'Tailscale'
$SystemSid = 'S-1-5-18'

# The full path of the client; empty where none is installed. A session of sshd keeps the PATH of the
# time when the service started, so a name would not do.
function Get-ClientProgram {
  $folders = @()
  $service = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tailscale'
  if ([string](Get-RegistryValue $service 'ImagePath') -match '^"?(.+?)\\tailscaled\.exe') {
    $folders += $Matches[1]
  }
  $folders += Join-Path $env:ProgramFiles 'Tailscale'
  foreach ($folder in $folders) {
    $program = Join-Path $folder 'tailscale.exe'
    if (Test-Path -LiteralPath $program -PathType Leaf) { return $program }
  }
  return ''
}

function Get-ClientService {
  return Get-Service -Name 'Tailscale' -ErrorAction SilentlyContinue
}

# Invoke-Client SECONDS WORDS: the client with these arguments.
function Invoke-Client([int]$Seconds, [string[]]$Words) {
  $program = Get-ClientProgram
  if ($program -eq '') { return @{ Code = 127; Out = ''; Error = 'tailscale: not found' } }
  return Invoke-Limited $Seconds $program $Words
}

# Write-ClientSection NAME WORDS: exit code and standard output; what went to standard error is added
# only where the command failed, since warnings there would spoil the JSON.
function Write-ClientSection([string]$Name, [string[]]$Words) {
  $answer = Invoke-Client 10 $Words
  $text = $answer.Out
  if ($answer.Code -ne 0) { $text = Get-Words $answer }
  Write-Section $Name $answer.Code $text
}

# Write-ClientState NAME HOLDER: status (under NAME) and preferences, where asking is safe; else 77 and
# why not, and of the preferences what the client's own state file says.
function Write-ClientState([string]$Name, $Holder) {
  if ((Get-ClientProgram) -ne '' -and $Holder.NotAsked -ne '') {
    Write-Section $Name 77 $Holder.NotAsked
    if ($Holder.Preferences -ne '') {
      Write-Section 'prefs' 0 $Holder.Preferences
    } else {
      Write-Section 'prefs' 77 $Holder.NotAsked
    }
    return
  }
  Write-ClientSection $Name @('status', '--json', '--peers=false')
  Write-ClientSection 'prefs' @('debug', 'prefs')
}

# Security identifiers of the users whose processes have this name; an empty one for a process whose
# owner may not be known.
function Get-ProcessOwners([string]$Program) {
  $owners = @()
  $filter = "Name='" + $Program + "'"
  foreach ($process in @(Get-CimInstance -ClassName Win32_Process -Filter $filter -ErrorAction SilentlyContinue)) {
    if ($null -eq $process) { continue }
    $owner = ''
    try {
      $owner = [string](Invoke-CimMethod -InputObject $process -MethodName GetOwnerSid).Sid
    } catch {
      $owner = ''
    }
    $owners += $owner
  }
  return @($owners | Select-Object -Unique)
}

# True where the mesh interface is up with an address of the mesh: the node runs for somebody.
function Test-MeshInterface {
  foreach ($interface in [Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
    if ($interface.Name -notlike '*Tailscale*' -and $interface.Description -notlike '*Tailscale*') { continue }
    if ($interface.OperationalStatus -ne 'Up') { continue }
    foreach ($unicast in $interface.GetIPProperties().UnicastAddresses) {
      $bytes = $unicast.Address.GetAddressBytes()
      if ($bytes.Length -eq 4 -and $bytes[0] -eq 100 -and ($bytes[1] -band 0xC0) -eq 64) { return $true }
      if ($bytes.Length -eq 16 -and $bytes[0] -eq 0xFD -and $bytes[1] -eq 0x7A) { return $true }
    }
  }
  return $false
}

# The daemon's state file as an object, $null where it cannot be read (not an administrator, or sealed
# by the TPM); an object without profiles where the client was never used.
function Read-ClientState {
  $file = Join-Path $ClientData 'server-state.conf'
  try {
    if (-not [IO.File]::Exists($file)) {
      if ((Test-Administrator)) { return New-Object PSObject }
      return $null
    }
    $state = [IO.File]::ReadAllText($file) | ConvertFrom-Json
    if ($null -eq $state) { return New-Object PSObject }
    if ($null -eq $state.'_machinekey' -and $null -ne $state.key) { return $null }
    return $state
  } catch {
    return $null
  }
}

# A value of the state file: base64 of text; empty where there is none.
function Read-StateText($State, [string]$Name) {
  $value = $State.$Name
  if ([string]::IsNullOrEmpty($value)) { return '' }
  return [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($value))
}

# The profiles of the state file: key, the user's identifier, whether it holds a node.
function Read-Profiles($State) {
  $profiles = @()
  $text = Read-StateText $State '_profiles'
  if ($text -eq '') { return $profiles }
  $known = $text | ConvertFrom-Json
  foreach ($property in $known.PSObject.Properties) {
    $profiles += @{
      Key = [string]$property.Value.Key
      User = [string]$property.Value.LocalUserID
      Node = [string]$property.Value.NodeID
    }
  }
  return $profiles
}

# Preferences that a profile of the state file holds, as JSON. Only these names: the rest is private
# keys.
function Read-Preferences($State, [string]$Key) {
  $text = Read-StateText $State $Key
  if ($text -eq '') { return '' }
  $stored = $text | ConvertFrom-Json
  $told = @{}
  $names = @(
    'ControlURL', 'RouteAll', 'ExitNodeID', 'ExitNodeIP', 'ExitNodeAllowLANAccess', 'CorpDNS', 'RunSSH',
    'WantRunning', 'LoggedOut', 'ShieldsUp', 'AdvertiseTags', 'Hostname', 'AdvertiseRoutes', 'ForceDaemon',
    'ProfileName'
  )
  foreach ($name in $names) {
    if ($null -ne $stored.PSObject.Properties[$name]) { $told[$name] = $stored.$name }
  }
  return ConvertTo-Json -InputObject $told -Compress -Depth 4
}

# Get-Holder: who holds the client, and whether it may be asked by us. In this order:
#
#   the service does not run            nothing answers
#   we are SYSTEM                       ask: SYSTEM is always let in and never becomes the user
#   a window of ours is open            ask: we are the user already
#   only others' windows are open       do not ask: they are
#   it starts unattended for somebody   ask where that is us
#   no mesh address is up               ask: nobody's node can be dropped
#   all nodes in its state are ours     ask
#   our own join was the last here      ask
#   else                                do not ask
function Get-Holder {
  try {
    return Find-Holder
  } catch {
    $why = 'nothing tells who holds the client: ' + $_.Exception.Message
    return @{ NotAsked = $why; Owner = ''; Preferences = ''; LoggedIn = $false; Windows = @(); Readable = $false }
  }
}

function Find-Holder {
  $me = (Get-Identity).User.Value
  $holder = @{ NotAsked = ''; Owner = ''; Preferences = ''; LoggedIn = $false; Windows = @(); Readable = $false }
  $holder.Windows = @(Get-ProcessOwners 'tailscale-ipn.exe')
  $state = Read-ClientState
  $users = @()
  if ($null -ne $state) {
    $holder.Readable = $true
    $profiles = @(Read-Profiles $state)
    $start = Read-StateText $state 'server-mode-start-key'
    $current = $null
    foreach ($known in $profiles) {
      if ($known.Node -ne '') { $users += $known.User }
      if ($start -ne '' -and $known.Key -eq $start) { $current = $known }
    }
    $users = @($users | Select-Object -Unique)
    $holder.LoggedIn = $users.Count -gt 0
    # Where nobody is named, but all nodes here are one user's, it is his.
    if ($null -eq $current -and $users.Count -eq 1) {
      $own = @($profiles | Where-Object { $_.Node -ne '' })
      if ($own.Count -eq 1) { $current = $own[0] }
    }
    if ($null -ne $current) {
      $holder.Preferences = Read-Preferences $state $current.Key
    }
    if ($start -ne '' -and $null -ne $current) {
      # A profile without a user was made by SYSTEM.
      $holder.Owner = if ($current.User -ne '') { $current.User } else { $SystemSid }
    }
  }
  $service = Get-ClientService
  if ($null -eq $service -or $service.Status -ne 'Running') {
    $holder.NotAsked = 'the Tailscale service does not run'
    return $holder
  }
  if ($me -eq $SystemSid -or $holder.Windows -contains $me) { return $holder }
  if ($holder.Windows.Count -gt 0) {
    if ($holder.Owner -eq '') { $holder.Owner = $holder.Windows[0] }
    $holder.NotAsked = 'the Tailscale window of ' + (Get-AccountName $holder.Windows[0]) + ' holds the client'
    return $holder
  }
  if ($holder.Owner -ne '') {
    if ($holder.Owner -ne $me) {
      $holder.NotAsked = 'Tailscale runs in server mode for ' + (Get-AccountName $holder.Owner)
    }
    return $holder
  }
  if (-not (Test-MeshInterface)) { return $holder }
  if ($holder.Readable -and $users.Count -eq 1 -and $users[0] -eq $me) { return $holder }
  if ((Read-Joiner) -eq $me) { return $holder }
  $holder.NotAsked = 'the node is up, and nothing tells for whom'
  return $holder
}

# Who joined here last by us; a hint that only ever allows a question.
function Read-Joiner {
  try {
    return [IO.File]::ReadAllText((Join-Path (Get-OwnFolder) 'joined-by')).Trim()
  } catch {
    return ''
  }
}

# True where only SYSTEM, administrators, Windows itself and these others own the folder and may write or delete
# in it; a link is never safe.
function Test-Safe([string]$Path, [string[]]$Others) {
  if ([IO.File]::GetAttributes($Path) -band [IO.FileAttributes]::ReparsePoint) { return $false }
  # TrustedInstaller and CREATOR OWNER, who is whoever may make files there.
  $installer = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
  $trusted = @($SystemSid, 'S-1-5-32-544', $installer, 'S-1-3-0') + @($Others)
  $security = Get-Acl -LiteralPath $Path
  if ($trusted -notcontains $security.GetOwner([Security.Principal.SecurityIdentifier]).Value) { return $false }
  # Everything but read and execute (0x1200a9).
  foreach ($rule in $security.GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier])) {
    if ($rule.AccessControlType -ne 'Allow' -or $trusted -contains $rule.IdentityReference.Value) { continue }
    if (([int]$rule.FileSystemRights -band (-bnot 0x1200a9)) -ne 0) { return $false }
  }
  return $true
}

# The folder of what outlives a run. Anybody may make folders in ProgramData, and what is made there without an
# access list of its own lets everybody add files, so such a folder is refused. It is looked at also after it was
# made: making one that is there already does nothing and says nothing.
function Get-DataFolder {
  if (-not (Test-Path -LiteralPath $MeshctlData)) { New-ProtectedFolder $MeshctlData }
  return Get-OwnFolder
}

# The same, where it has to be there already: what lies in a folder of somebody else is not believed.
function Get-OwnFolder {
  if (-not (Test-Safe $MeshctlData @((Get-Identity).User.Value))) {
    throw ($MeshctlData + ' is a link, or belongs to others, or others may write in it; look at it and remove it')
  }
  return $MeshctlData
}

# Joins exclude each other on a host, since two controllers share no lock file; Windows frees it when
# the process ends. $null where another run holds it.
function Get-JoinLock {
  $path = Join-Path (Get-DataFolder) 'join.lock'
  try {
    return [IO.File]::Open($path, 'OpenOrCreate', 'ReadWrite', 'None')
  } catch [IO.IOException] {
    return $null
  }
}

$EnvironmentFile = Join-Path $ClientData 'tailscaled-env.txt'

# `off` where the service's next start sends no logs to the vendor.
function Get-ConfiguredLogs {
  if (-not [IO.File]::Exists($EnvironmentFile)) { return 'on' }
  $said = @([IO.File]::ReadAllLines($EnvironmentFile) | Where-Object { $_ -match '^\s*TS_NO_LOGS_NO_SUPPORT\s*=' })
  if ($said.Count -gt 0 -and $said[-1] -match '=\s*"?(true|1)"?\s*$') { return 'off' }
  return 'on'
}

# `off` where that is in force: a daemon that started before the file was written has not read it.
function Get-ClientLogs {
  if ((Get-ConfiguredLogs) -ne 'off') { return 'on' }
  $written = [IO.File]::GetLastWriteTime($EnvironmentFile)
  $filter = "Name='tailscaled.exe'"
  foreach ($daemon in @(Get-CimInstance -ClassName Win32_Process -Filter $filter -ErrorAction SilentlyContinue)) {
    if ($null -ne $daemon -and $daemon.CreationDate -lt $written) { return 'on' }
  }
  return 'off'
}

$RunOnceKey = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce'
$JoinTask = 'meshctl-join'

# Removes everything that a hand-over left, the key first; words of what could not be removed.
function Remove-HandOver {
  $left = @()
  $names = 'key.txt', 'state.json', 'join.json', 'join-mesh.ps1', 'launcher.ps1', 'result.txt', 'status.txt',
  'prefs.txt'
  $files = @($names | ForEach-Object { Join-Path $MeshctlData $_ })
  if ((Test-Path -LiteralPath $MeshctlData) -and
    ([IO.File]::GetAttributes($MeshctlData) -band [IO.FileAttributes]::ReparsePoint)) {
    # Nothing is removed through a link that somebody laid.
    $left += $MeshctlData + ' is a link; remove it'
    $files = @()
  }
  $files += Join-Path $env:SystemDrive '\temp\join-mesh.ps1'
  foreach ($file in $files) {
    try {
      if ([IO.File]::Exists($file)) { [IO.File]::Delete($file) }
    } catch {
      $left += $file + ': ' + $_.Exception.GetBaseException().Message
    }
  }
  try {
    if ($null -ne (Get-RegistryValue $RunOnceKey '!meshctl')) {
      Remove-ItemProperty -LiteralPath $RunOnceKey -Name '!meshctl'
    }
    if ($null -ne (Get-ScheduledTask -TaskName $JoinTask -ErrorAction SilentlyContinue)) {
      Unregister-ScheduledTask -TaskName $JoinTask -Confirm:$false
    }
  } catch {
    $left += $_.Exception.Message
  }
  return ($left -join "`n")
}
