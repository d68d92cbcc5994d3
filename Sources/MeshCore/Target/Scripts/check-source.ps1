# Asks from this host whether a URL answers; changes nothing.
#
# URL  http:// or https://

$curl = Join-Path $System32 'curl.exe'
$verdict = 'no-tool'
$words = 'there is no curl.exe; Windows 10 1803 and newer have it'
$tool = ''
if (Test-Path -LiteralPath $curl) {
  $tool = 'curl'
  $options = @('-g', '-sS', '-m', '20', '--max-filesize', '262144', '-o', 'NUL', '-w', '%{http_code}')
  $answer = Invoke-Limited 25 $curl ($options + @('--url', [string]$Call['URL']))
  $words = (Get-Words $answer) -replace '[^ -~]+', ' '
  $verdict = 'connect'
  if ($answer.Code -eq 0) {
    $verdict = if ($answer.Out.Trim() -eq '200') { 'ok' } else { 'http' }
    $words = 'HTTP status ' + $answer.Out.Trim()
  }
  # Larger than what is read: it is there.
  if ($answer.Code -eq 63) { $verdict = 'ok' }
  if ($answer.Code -eq 6) { $verdict = 'resolve' }
  if (@(35, 51, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91) -contains $answer.Code) { $verdict = 'tls' }
  if (@(1, 8, 52, 56) -contains $answer.Code) { $verdict = 'http' }
}
Write-Section 'verdict' 0 $verdict
Write-Section 'evidence' 0 $words
Write-Section 'tool' 0 $tool
Write-End
