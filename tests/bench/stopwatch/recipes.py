"""The images of the benchmark, each a list of layers. Layers that several images share are made
once. What is in the cache folder is reused as it is: delete the folder to start anew."""

import io
import json
import pathlib
import shutil
import subprocess
import zipfile

from . import contents, debian, image, layer

NPM = pathlib.Path(__file__).resolve().parent.parent / "npm"
MODULES = "usr/lib/python3/dist-packages/"
SITE_PACKAGES = "usr/local/lib/python3.11/site-packages/"
ENTRYPOINT = '#!/bin/sh\nset -e\nexec "$@"\n'


class Workshop:
    """Makes layers in the cache folder."""

    def __init__(self, cache, say):
        self.cache, self.say = cache, say
        self.debian = debian.Debian(cache)

    def layer(self, name, created_by, fill):
        path = self.cache / "layers" / f"{name}.tar"
        if not path.exists():
            self.say(f"making layer {name}")
        return layer.make(path, created_by, fill)

    def packages(self, name, added, earlier=(), skipped=()):
        """A layer with `added` and what they need, for an image that has `earlier` already."""
        def fill(writer):
            before = self.debian.closure(earlier) if earlier else {}
            debs = self.debian.closure([*earlier, *added])
            new = [deb for package, deb in debs.items() if package not in before]
            debian.installed(new, list(before.values()), skipped)(writer)

        command = f"RUN /bin/sh -c apt-get install -y --no-install-recommends {' '.join(added)}"
        return self.layer(name, command if earlier else "/bin/sh -c #(nop) ADD file:rootfs in / ",
                          fill)

    def node(self):
        return self.layer("node", "RUN /bin/sh -c ARCH=x64 && tar -xJf node.tar.xz -C /usr/local",
                          node_runtime)

    def app(self, name):
        """/app after `npm ci`. Scripts are not run: they may download or compile something."""
        folder = self.cache / "npm" / name
        if not (folder / "complete").exists():
            self.say(f"npm install for {name}")
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(NPM / f"{name}.json", folder / "package.json")
            subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund",
                            "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            (folder / "complete").touch()

        def fill(writer):
            writer.from_disk(folder / "package.json", "app/package.json")
            writer.from_disk(folder / "node_modules", "app/node_modules")

        return self.layer(f"app-{name}", "RUN /bin/sh -c npm ci # buildkit", fill)

    def entrypoint(self, name, files):
        def fill(writer):
            for path, (text, mode) in files.items():
                writer.text(path, text, mode)

        return self.layer(name, "COPY . . # buildkit", fill)


def node_runtime(writer):
    """This machine's node with its npm and headers, as nodejs.org packs it."""
    node = pathlib.Path(shutil.which("node")).resolve()
    prefix = node.parent.parent
    modules = next(p for p in (prefix / "lib/node_modules", prefix / "share/nodejs")
                   if (p / "npm").exists())
    writer.from_disk(node, "usr/local/bin/node")
    for package, links in (("npm", ("npm", "npx")), ("corepack", ("corepack",))):
        if (modules / package).is_dir():
            writer.from_disk((modules / package).resolve(), f"usr/local/lib/node_modules/{package}")
            for link in links:
                writer.link(f"usr/local/bin/{link}",
                            f"../lib/node_modules/{package}/{program(package, link)}")
    if (prefix / "include/node").is_dir():
        writer.from_disk(prefix / "include/node", "usr/local/include/node")


def program(package, link):
    return f"bin/{link}-cli.js" if package == "npm" else f"dist/{link}.js"


SERVER = {"usr/local/bin/docker-entrypoint.sh": (ENTRYPOINT, 0o755),
          "app/server.js": ('require("express")()\n', 0o644)}
NODE_CONFIG = {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                       "NODE_VERSION=20"],
               "Entrypoint": ["docker-entrypoint.sh"], "Cmd": ["node", "server.js"],
               "WorkingDir": "/app"}


def build_tools(shop):
    """buildpack-deps:bookworm, the base of fat-node, alone."""
    base, curl = contents.BASE, contents.BASE + contents.CURL
    scm = curl + contents.SCM
    layers = [shop.packages("debian", base), shop.packages("curl", contents.CURL, base),
              shop.packages("scm", contents.SCM, curl),
              shop.packages("build", contents.BUILD, scm)]
    return image.Image("build-tools", layers, {"Cmd": ["bash"], "Env": NODE_CONFIG["Env"][:1]})


def fat_node(shop):
    """FROM node:20-bookworm, npm ci with the development dependencies, COPY . ."""
    layers = build_tools(shop).layers + [shop.node(), shop.app("fat"),
                                         shop.entrypoint("server", SERVER)]
    return image.Image("fat-node", layers, NODE_CONFIG)


def slim_node(shop):
    """FROM node:20-bookworm-slim, with the production dependencies copied from a build stage."""
    layers = [shop.packages("debian-slim", contents.BASE, skipped=debian.DOCUMENTATION),
              shop.node(), shop.app("slim"), shop.entrypoint("server", SERVER)]
    return image.Image("slim-node", layers, NODE_CONFIG)


def multiple(shop, copies):
    """fat-node with its files again below /srv/copy-N, each file a little different."""
    fat = fat_node(shop)
    again = [shop.layer(f"copy-{number}-{old.path.stem}", f"COPY copy-{number} /srv # buildkit",
                        layer.copy_of(old, number))
             for number in range(1, copies) for old in fat.layers]
    return image.Image(f"fat-node-x{copies}", fat.layers + again, NODE_CONFIG)


def python(shop):
    """Debian's python3 with modules where pip would have put them."""
    base = contents.BASE + contents.PYTHON

    def fill_libraries(writer):
        before = shop.debian.closure(base)
        debs = shop.debian.closure(base + contents.PYTHON_MODULES)
        new = [deb for name, deb in debs.items() if name not in before and not is_module(name)]
        debian.installed(new, list(before.values()))(writer)

    def fill_modules(writer):
        before = shop.debian.closure(base)
        debs = shop.debian.closure(base + contents.PYTHON_MODULES)
        for name, deb in debs.items():
            if name not in before and is_module(name):
                debian.add_files(writer, deb, rename=site_packages)

    layers = [shop.packages("debian-slim", contents.BASE, skipped=debian.DOCUMENTATION),
              shop.packages("python", contents.PYTHON, contents.BASE),
              shop.layer("python-libraries", "RUN /bin/sh -c apt-get install -y libpq5",
                         fill_libraries),
              shop.layer("python-modules", "RUN /bin/sh -c pip install -r requirements.txt",
                         fill_modules),
              shop.entrypoint("python-app", {"app/main.py": ("import numpy\n", 0o644)})]
    return image.Image("python", layers, {"Env": NODE_CONFIG["Env"][:1], "WorkingDir": "/app",
                                          "Cmd": ["python3", "main.py"]})


def is_module(name):
    return name.startswith("python3-")


def site_packages(name):
    name = debian.merged_name(name)
    return SITE_PACKAGES + name.removeprefix(MODULES) if name.startswith(MODULES) else ""


def java(shop):
    """Debian's Java with jars and JNI libraries, some of them inside a jar."""
    base = contents.BASE + contents.JAVA

    def fill(writer):
        before = shop.debian.closure(base)
        debs = shop.debian.closure(base + contents.JAVA_LIBRARIES)
        for name, deb in debs.items():
            if name not in before:
                debian.add_files(writer, deb, rename=app_library)
        writer.text("app/shop.jar", jar_with_libraries(
            [deb for name, deb in debs.items() if name in contents.JAVA_LIBRARIES]))

    layers = [shop.packages("debian-slim", contents.BASE, skipped=debian.DOCUMENTATION),
              shop.packages("java", contents.JAVA, contents.BASE),
              shop.layer("java-app", "COPY target/ /app # buildkit", fill)]
    return image.Image("java", layers, {"Env": NODE_CONFIG["Env"][:1], "WorkingDir": "/app",
                                        "Cmd": ["java", "-jar", "shop.jar"]})


def app_library(name):
    name = debian.merged_name(name)
    path = pathlib.PurePosixPath(name)
    if path.suffix == ".jar":
        return f"app/lib/{path.name}"
    return f"app/native/{path.name}" if "/jni/" in name else ""


def jar_with_libraries(debs):
    """A jar with the JNI libraries of packages, as projects publish them to Maven."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as jar:
        jar.writestr(zipfile.ZipInfo("META-INF/MANIFEST.MF"), "Manifest-Version: 1.0\n")
        for deb in debs:
            with debian.opened(deb, "--fsys-tarfile") as tar:
                for info in tar:
                    if info.isreg() and ".so" in info.name:
                        name = f"native/linux-x86_64/{pathlib.PurePosixPath(info.name).name}"
                        jar.writestr(zipfile.ZipInfo(name), tar.extractfile(info).read(),
                                     zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


RECIPES = {
    "fat-node": fat_node,
    "slim-node": slim_node,
    "python": python,
    "java": java,
    "build-tools": build_tools,
    "fat-node-x2": lambda shop: multiple(shop, 2),
    "fat-node-x3": lambda shop: multiple(shop, 3),
}
# These are there for the growth with size alone, and so in one format alone.
GROWTH_ONLY = ("build-tools", "fat-node-x2", "fat-node-x3")


def paths_of(cache, name):
    """Where the forms of an image are: {form: path}."""
    folder = cache / "images"
    forms = {"docker": folder / f"{name}.docker.tar"}
    if name not in GROWTH_ONLY:
        for method in image.COMPRESSORS:
            forms[f"{method}-dir"] = folder / f"{name}.{method}.oci"
            forms[f"{method}-archive"] = folder / f"{name}.{method}.oci.tar"
    return forms


def notes_of(cache, name):
    """What is known about an image that was made: bytes, files and layers; None if it was not."""
    path = cache / "images" / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def make(shop, name):
    """Makes the forms that are missing. Returns all of them."""
    forms = paths_of(shop.cache, name)
    if notes_of(shop.cache, name) and all(path.exists() for path in forms.values()):
        return forms
    forms["docker"].parent.mkdir(parents=True, exist_ok=True)
    made = RECIPES[name](shop)
    notes = {"bytes": sum(part.size for part in made.layers),
             "files": sum(part.files for part in made.layers), "layers": len(made.layers)}
    shop.say(f"{name}: {notes['bytes'] / 1e6:.0f} MB, {notes['files']} files")
    for form, path in forms.items():
        if not path.exists():
            shop.say(f"writing {path.name}")
            write(made, form, forms)
    (shop.cache / "images" / f"{name}.json").write_text(json.dumps(notes))
    return forms


def write(made, form, forms):
    method, _, kind = form.partition("-")
    if kind == "dir":
        image.write_oci_dir(made, forms[form], method)
    elif kind == "archive":
        image.write_oci_archive(forms[f"{method}-dir"], forms[form])
    else:
        image.write_docker_archive(made, forms[form])


def forget_layers(cache):
    """Layers are needed only while images are made; compressed ones stay as parts of images."""
    shutil.rmtree(cache / "layers", ignore_errors=True)
