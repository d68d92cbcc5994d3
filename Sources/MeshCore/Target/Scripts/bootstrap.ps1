# The one command line of every call to Windows (PowerShellRendering): reads frames from standard
# input and runs the first as a script. It is encoded whole, so keep it short.
#
# Lines of base64 make a frame, ".LENGTH" ends it, "!COUNT" ends everything. Only statements touch the
# input, no cmdlet: Windows can log what cmdlets are handed, and the later frames are secrets.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$MeshctlFrames = New-Object Collections.ArrayList
$frame = New-Object Text.StringBuilder
$whole = $false
foreach ($line in $input) {
  $line = ([string]$line).Trim([char[]](0, 9, 10, 13, 32, 0xFEFF))
  if ($line.StartsWith('.')) {
    if ($frame.Length -ne [int]$line.Substring(1)) { break }
    [void]$MeshctlFrames.Add($frame.ToString())
    [void]$frame.Clear()
  } elseif ($line.StartsWith('!')) {
    $whole = $MeshctlFrames.Count -eq [int]$line.Substring(1)
    break
  } else {
    [void]$frame.Append($line)
  }
}
if (-not $whole) {
  [Console]::Error.WriteLine('MESHCTL-INPUT-CUT: the script did not arrive whole, nothing was run')
  exit 74
}
& ([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($MeshctlFrames[0]))))
exit 0
