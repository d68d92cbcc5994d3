# Finds out whether this host reaches the control server, and if not, at which stage it fails.
#
# SCHEME HOST PORT  of the login server; HOST without the brackets of an IPv6 address
# URL               normalised, without a final slash
# CANDIDATES        URLs of the same server by address, one a line; asked only where the name does not resolve

$script:clock = ''

# Set-Clock DATE: the server's Date against this host's clock.
function Set-Clock([string]$Date) {
  if ($Date -eq '') { return }
  try {
    $server = [DateTimeOffset]::Parse($Date, [Globalization.CultureInfo]::InvariantCulture)
    $script:clock = [string][int]($server - [DateTimeOffset]::UtcNow).TotalSeconds
  } catch {
    $script:clock = ''
  }
}

# A text in one line, cut.
function Get-Line([string]$Text) {
  $line = ($Text -replace '[^ -~]+', ' ').Trim()
  if ($line.Length -gt 200) { $line = $line.Substring(0, 200) }
  return $line
}

# Get-Health BASE SECONDS: at which stage the way to a server ends, and in which words.
function Get-Health([string]$Base, [int]$Seconds) {
  $curl = Join-Path $System32 'curl.exe'
  if (Test-Path -LiteralPath $curl) { return Get-HealthByCurl $curl $Base $Seconds }
  return Get-HealthByNet $Base $Seconds
}

# Without any proxy: the client's service knows nothing of a login's proxy.
function Get-HealthByCurl([string]$Curl, [string]$Base, [int]$Seconds) {
  $options = @('-sS', '--noproxy', '*', '-m', [string]$Seconds)
  $answer = Invoke-Limited ($Seconds + 4) $Curl ($options + @('-i', ($Base + '/health')))
  $told = @{ Verdict = 'connect'; Words = ''; Tool = 'curl' }
  if ($answer.Code -ne 0) {
    if ($answer.Code -eq 6) { $told.Verdict = 'resolve' }
    if (@(35, 51, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91) -contains $answer.Code) { $told.Verdict = 'tls' }
    if (@(1, 8, 52, 56) -contains $answer.Code) { $told.Verdict = 'http' }
    $told.Words = Get-Line (Get-Words $answer)
    return $told
  }
  if ($answer.Out -match '(?im)^Date:[ \t]*([^\r\n]+)') { Set-Clock $Matches[1].Trim() }
  $told.Words = Get-Line (($answer.Out -split "`n")[0])
  $passes = $answer.Out -match '(?m)^HTTP/\S+ 2'
  if ($passes -and $answer.Out -match '"status"\s*:\s*"pass"') {
    $told.Verdict = 'ok'
    return $told
  }
  # Behind a proxy that hides /health, the server's key is proof too.
  $key = Invoke-Limited ($Seconds + 4) $Curl ($options + @('-f', ($Base + '/key?v=100')))
  if ($key.Code -eq 0 -and $key.Out -match '"publicKey"\s*:') {
    $told.Verdict = 'ok'
    $told.Words += ' (/key)'
  } elseif ($passes) {
    $told.Verdict = 'body'
    $told.Words = '/health answered: ' + (Get-Line ($answer.Out -replace '(?s)\A.*?\r?\n\r?\n', ''))
  } else {
    $told.Verdict = 'http'
  }
  return $told
}

# What .NET calls the stages.
$Stages = @{
  NameResolutionFailure = 'resolve'; TrustFailure = 'tls'; SecureChannelFailure = 'tls'; ProtocolError = 'http'
  ServerProtocolViolation = 'http'; ReceiveFailure = 'http'; ConnectionClosed = 'http'
}

# Get-Page URL SECONDS: body, date, and where it failed the stage and the words; without a proxy.
function Get-Page([string]$Url, [int]$Seconds) {
  [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
  $page = @{ Body = ''; Date = ''; Stage = ''; Words = '' }
  try {
    $request = [Net.WebRequest]::Create($Url)
    $request.Proxy = $null
    $request.Timeout = $Seconds * 1000
    $response = $request.GetResponse()
    try {
      $page.Date = [string]$response.Headers['Date']
      $page.Words = 'HTTP ' + [int]$response.StatusCode
      $reader = New-Object IO.StreamReader ($response.GetResponseStream())
      $page.Body = $reader.ReadToEnd()
    } finally {
      $response.Close()
    }
  } catch {
    $fault = $_.Exception.GetBaseException()
    $page.Words = Get-Line ($_.Exception.Message + ' ' + $fault.Message)
    $page.Stage = 'connect'
    $web = $_.Exception.InnerException
    if ($web -is [Net.WebException] -and $Stages.ContainsKey([string]$web.Status)) {
      $page.Stage = $Stages[[string]$web.Status]
    }
  }
  return $page
}

function Get-HealthByNet([string]$Base, [int]$Seconds) {
  $page = Get-Page ($Base + '/health') $Seconds
  Set-Clock $page.Date
  $told = @{ Verdict = $page.Stage; Words = $page.Words; Tool = '.NET' }
  if ($page.Stage -eq '' -and $page.Body -match '"status"\s*:\s*"pass"') {
    $told.Verdict = 'ok'
    return $told
  }
  if ($page.Stage -ne '' -and $page.Stage -ne 'http') { return $told }
  $key = Get-Page ($Base + '/key?v=100') $Seconds
  if ($key.Stage -eq '' -and $key.Body -match '"publicKey"\s*:') {
    $told.Verdict = 'ok'
    $told.Words += ' (/key)'
  } elseif ($page.Stage -eq '') {
    $told.Verdict = 'body'
    $told.Words = '/health answered: ' + (Get-Line $page.Body)
  }
  return $told
}

# `vm` on a virtual machine: its network is often a NAT that carries no mDNS.
function Get-Machine {
  try {
    $system = Get-CimInstance -ClassName Win32_ComputerSystem
    $name = [string]$system.Manufacturer + ' ' + $system.Model
    if ($name -match 'QEMU|KVM|VMware|VirtualBox|Virtual Machine|Xen|Standard PC|Parallels') { return 'vm' }
    return 'none'
  } catch {
    return ''
  }
}

# 1. The name, by the resolver that the service uses too (Resolve-DnsName may answer otherwise).
$address = ''
$health = $null
try {
  $lookup = [Net.Dns]::GetHostAddressesAsync($Call['HOST'])
  if (-not $lookup.Wait(10000)) { throw 'no answer within 10 s' }
  $address = @($lookup.Result)[0].ToString()
} catch {
  $words = $Call['HOST'] + ' does not resolve here (.NET) ' + $_.Exception.GetBaseException().Message
  $health = @{ Verdict = 'resolve'; Words = $words; Tool = '.NET' }
}

# 2. Connect, TLS, HTTP, body.
if ($null -eq $health) { $health = Get-Health $Call['URL'] 8 }
$candidate = ''
$tried = @()
if ($health.Verdict -eq 'resolve') {
  foreach ($url in @(Get-Lines ([string]$Call['CANDIDATES']))) {
    $told = Get-Health $url 5
    $tried += $url + ' ' + $told.Verdict + ' ' + $told.Words
    if ($told.Verdict -eq 'ok') {
      $candidate = $url
      break
    }
  }
}
Write-Section 'verdict' 0 $health.Verdict
Write-Section 'evidence' 0 $health.Words
Write-Section 'tool' 0 $health.Tool
Write-Section 'address' 0 $address
# The client asks Windows, which asks mDNS itself.
Write-Section 'mdns' 0 ''
Write-Section 'candidate' 0 $candidate
Write-Section 'candidates' 0 ($tried -join "`n")
Write-Section 'clock' 0 $script:clock
Write-Section 'proxy' 0 ''
Write-Section 'proxied' 0 ''
Write-Section 'container' 0 (Get-Machine)
Write-End
