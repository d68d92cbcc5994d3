# Changes only the preferences that are named.
#
# ARGS  one `tailscale set` flag a line
$answer = Invoke-Client 60 (@('set') + @(Get-Lines $Call['ARGS']))
Write-Section 'set' $answer.Code (Get-Words $answer)
Write-ClientState 'status' (Get-Holder)
Write-End
