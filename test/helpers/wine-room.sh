#!/bin/sh
# wine-room.sh ROOT FOLDER: a room for Wine that holds nothing of this machine but FOLDER, which is /wine in it.
#
# Started by `unshare --mount --pid --fork`, so everything mounted here is gone when it ends, however it ends; and it ends
# when its standard input does. Wine offers the block devices it finds in /dev as \\.\PhysicalDriveN: so /dev is the
# room's own and has none. Prints the process by which `nsenter` finds the room.
set -eu
root=$1
folder=$2

read -r process _ </proc/self/stat
share() {
  mount --bind "$1" "$2"
  mount -o "remount,bind,nodev,nosuid,$3" "$2"
}
share "$root" "$root" ro
# A root without a system of its own borrows the host's.
if [ ! -e "$root/usr/bin" ]; then
  share /usr "$root/usr" ro
  share /etc "$root/etc" ro
fi
share "$folder" "$root/wine" rw
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mount -t tmpfs -o mode=755 run "$root/run"
mount -t tmpfs -o mode=755,noexec dev "$root/dev"
device() { mknod -m 666 "$root/dev/$1" c "$2" "$3"; }
device null 1 3
device zero 1 5
device full 1 7
device random 1 8
device urandom 1 9
device tty 5 0
mkdir "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

# The machine's own tree, with its /dev, is not even behind the room's. Only then may anybody come in.
cd "$root"
pivot_root . .
umount -l .
exec chroot . /usr/bin/sh -c 'echo "$1"; exec cat' sh "$process"
