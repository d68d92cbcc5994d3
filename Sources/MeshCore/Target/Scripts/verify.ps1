# Asks from this host whom it reaches: peers by the client's own ping, endpoints by TCP or ICMP. It changes
# nothing.
#
# PEERS       mesh addresses, one a line
# ENDPOINTS   `HOST PORT`, one a line; with `-` for the port an ICMP echo is sent
# WIDTH       how many are asked at once
# PINGS WAIT  pings of one try, and seconds to wait for each
# LIMIT       seconds after which no further one is asked; what is left has no section

$end = [DateTime]::UtcNow.AddSeconds([int]$Call['LIMIT'])
$width = [int]$Call['WIDTH']
$pings = [int]$Call['PINGS']
$wait = [int]$Call['WAIT']
$program = Get-ClientProgram

# Start-Ping ADDRESS: a running ping; Read-Ping waits for it and returns its code and words.
function Start-Ping([string]$Address) {
  $start = New-Object Diagnostics.ProcessStartInfo
  $start.FileName = $program
  $start.Arguments = Get-CommandLine @('ping', ('--c=' + $pings), ('--timeout=' + $wait + 's'), $Address)
  $start.UseShellExecute = $false
  $start.CreateNoWindow = $true
  $start.RedirectStandardOutput = $true
  $start.RedirectStandardError = $true
  $process = [Diagnostics.Process]::Start($start)
  return @{
    Process = $process; Out = $process.StandardOutput.ReadToEndAsync()
    Error = $process.StandardError.ReadToEndAsync()
    End = [DateTime]::UtcNow.AddSeconds($pings * ($wait + 1) + 3)
  }
}

function Read-Ping($Running) {
  $left = [int]($Running.End - [DateTime]::UtcNow).TotalMilliseconds
  if ($left -lt 0) { $left = 0 }
  $code = 124
  if ($Running.Process.WaitForExit($left)) { $code = $Running.Process.ExitCode } else { Stop-Tree $Running.Process }
  # A grandchild may hold the pipes for ever.
  $words = ''
  if ($Running.Out.Wait(2000)) { $words += $Running.Out.Result }
  if ($Running.Error.Wait(2000)) { $words += $Running.Error.Result }
  return @{ Code = $code; Words = $words }
}

# The address of an endpoint's name, and how long a connection took; the words of what failed.
function Start-Endpoint([string]$Line) {
  $words = $Line -split ' '
  $began = [Diagnostics.Stopwatch]::StartNew()
  if ($words[1] -eq '-') {
    $echo = New-Object Net.NetworkInformation.Ping
    return @{ Task = $echo.SendPingAsync($words[0], 6000); Client = $echo; Began = $began; Echo = $true }
  }
  $client = New-Object Net.Sockets.TcpClient
  $address = $null
  # Its own families: a client made without one speaks IPv4 only.
  if ([Net.IPAddress]::TryParse($words[0], [ref]$address)) {
    $client = New-Object Net.Sockets.TcpClient $address.AddressFamily
  }
  return @{ Task = $client.ConnectAsync($words[0], [int]$words[1]); Client = $client; Began = $began; Echo = $false }
}

# Windows says failures in its own language; the kind of a socket's failure is the same everywhere.
$Faults = @{
  ConnectionRefused = 'Connection refused'; HostNotFound = 'No such host is known'
  NoData = 'No such host is known'; TryAgain = 'No such host is known'; TimedOut = 'timed out'
  HostUnreachable = 'No route to host'; NetworkUnreachable = 'Network is unreachable'
}

function Get-Fault($Fault) {
  if ($Fault -isnot [Net.Sockets.SocketException]) { return $Fault.Message }
  $kind = [string]$Fault.SocketErrorCode
  if ($Faults.ContainsKey($kind)) { return $Faults[$kind] + ' (' + $kind + ')' }
  return $kind + ': ' + $Fault.Message
}

function Read-Endpoint($Running) {
  try {
    $left = 6000 - [int]$Running.Began.ElapsedMilliseconds
    if ($left -lt 0) { $left = 0 }
    if (-not $Running.Task.Wait($left)) { return @{ Code = 124; Words = 'no answer within 6 s' } }
    if ($Running.Echo -and [string]$Running.Task.Result.Status -ne 'Success') {
      return @{ Code = 1; Words = [string]$Running.Task.Result.Status }
    }
    $took = $Running.Began.Elapsed.TotalMilliseconds.ToString('0.0', [Globalization.CultureInfo]::InvariantCulture)
    return @{ Code = 0; Words = 'took ' + $took + ' ms' }
  } catch {
    return @{ Code = 1; Words = (Get-Fault $_.Exception.GetBaseException()) }
  } finally {
    $Running.Client.Dispose()
  }
}

# Write-Answers NAME LINES START READ: WIDTH questions at a time, each with a second try: the first ping to an
# idle peer often gets no answer.
function Write-Answers([string]$Name, [string[]]$Lines, [scriptblock]$Start, [scriptblock]$Read) {
  for ($first = 0; $first -lt $Lines.Count; $first += $width) {
    if ([DateTime]::UtcNow -ge $end) { return }
    $last = [Math]::Min($first + $width, $Lines.Count) - 1
    $running = @($Lines[$first..$last] | ForEach-Object { & $Start $_ })
    $answers = @($running | ForEach-Object { & $Read $_ })
    for ($index = 0; $index -lt $answers.Count; $index++) {
      $answer = $answers[$index]
      if ($answer.Code -ne 0 -and $answer.Words -notmatch '(?m)^pong from ') {
        $words = $answer.Words
        $answer = & $Read (& $Start ($Lines[$first + $index]))
        $answer.Words = ($words.Trim() + "`n" + $answer.Words).Trim()
      }
      $text = $answer.Words
      if ($text.Length -gt 1024) { $text = $text.Substring($text.Length - 1024) }
      Write-Section ($Name + '-' + ($first + $index + 1)) $answer.Code $text
    }
  }
}

$holder = Get-Holder
Write-ClientState 'status' $holder
# Without a client that may be asked nobody can be pinged; the section above says why.
$answers = $program -ne '' -and $holder.NotAsked -eq ''
if ($answers) { $answers = (Invoke-Client 10 @('status', '--json', '--peers=false')).Code -eq 0 }
$endpoints = @(Get-Lines $Call['ENDPOINTS'])
if ($endpoints.Count -gt 0) {
  Write-Answers 'endpoint' $endpoints { Start-Endpoint $args[0] } { Read-Endpoint $args[0] }
}
$peers = @(Get-Lines $Call['PEERS'])
if ($answers -and $peers.Count -gt 0) {
  Write-Answers 'ping' $peers { Start-Ping $args[0] } { Read-Ping $args[0] }
}
Write-End
