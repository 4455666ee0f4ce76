"""What is in the images: names of Debian packages, layer by layer, as in the official images."""

# debian:bookworm
BASE = """adduser apt base-files base-passwd bash bsdutils coreutils dash debconf
debian-archive-keyring debianutils diffutils dpkg e2fsprogs findutils gpgv grep gzip hostname
init-system-helpers libc-bin login logsave mawk mount ncurses-base ncurses-bin passwd perl-base sed
sysvinit-utils tar tzdata usr-is-merged util-linux util-linux-extra""".split()

# buildpack-deps:bookworm-curl, -scm and the full one, on which node:20-bookworm stands
CURL = "ca-certificates curl gnupg netbase sq wget".split()
SCM = "git mercurial openssh-client procps subversion".split()
BUILD = """autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick
libbz2-dev libc6-dev libcurl4-openssl-dev libdb-dev libevent-dev libffi-dev libgdbm-dev
libglib2.0-dev libgmp-dev libjpeg-dev libkrb5-dev liblzma-dev libmagickcore-dev libmagickwand-dev
libmaxminddb-dev libncurses5-dev libncursesw5-dev libpng-dev libpq-dev libreadline-dev
libsqlite3-dev libssl-dev libtool libwebp-dev libxml2-dev libxslt-dev libyaml-dev make patch unzip
xz-utils zlib1g-dev""".split()

PYTHON = ["python3", "ca-certificates"]
# Moved to site-packages, as pip would have put them; what they need stays where Debian has it.
PYTHON_MODULES = """python3-numpy python3-pandas python3-pil python3-psycopg2
python3-lxml python3-cryptography python3-cffi-backend python3-grpcio python3-protobuf
python3-yaml python3-markupsafe python3-simplejson python3-aiohttp python3-multidict
python3-yarl python3-frozenlist python3-bcrypt python3-nacl python3-zmq python3-gevent
python3-greenlet python3-ujson python3-regex""".split()

JAVA = ["openjdk-17-jre-headless", "ca-certificates"]
# Their jars and JNI libraries become /app/lib and one jar that carries its libraries inside.
JAVA_LIBRARIES = """libjna-java libjna-jni libsnappy-java libsnappy-jni libnetty-java
libnetty-tcnative-java libnetty-tcnative-jni libxerial-sqlite-jdbc-java libxerial-sqlite-jdbc-jni
liblz4-java liblz4-jni libzstd-jni-java libzstd-jni1 libjansi-native-java libjffi-java libjffi-jni
libspring-core-java libspring-web-java libhibernate3-java libguava-java
libjackson2-databind-java liblog4j2-java libpostgresql-jdbc-java""".split()
