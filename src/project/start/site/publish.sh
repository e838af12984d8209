#!/bin/sh
# 按当天的状态生成网站并发布。如有错误，不发布任何内容，并以错误状态退出。
# Builds the site as it stands today and publishes it. If anything is wrong, publishes nothing and fails.
#
#   sh publish.sh /srv/www/fair                      本机的文件夹，整体替换 · a folder of this machine, replaced as a whole
#   sh publish.sh web@www.example.org:/srv/www/fair  另一台机器，使用 rsync · another machine, by rsync
set -eu
[ $# -eq 1 ] || { echo "sh publish.sh FOLDER | HOST:FOLDER" >&2; exit 2; }
cd "$(dirname "$0")"
# cron 的 PATH 很短 · The PATH of cron is short.
PATH="$HOME/.cargo/bin:/usr/local/bin:$PATH"
case $1 in
  *:*)
    jinbang build --as-of today
    rsync -rt --delete-after public/ "$1/"
    ;;
  *) jinbang build --as-of today --out "$1" ;;
esac
