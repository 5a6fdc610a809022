# Reads a policy of publishes.awk, and calls publish() for each published port: whatever the others
# here print means the same as that policy, as far as the tool has words for it.
$1 == "container" { containers[$2] = $3 }
$1 == "publish" {
  split($5, target, ":")
  publish($2, $3, containers[target[1]], target[2])
}
