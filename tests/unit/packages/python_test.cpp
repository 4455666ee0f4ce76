// Texts are shortened from what pip 23.0 (dist-info), setuptools 66 (egg-info) and Debian 12's
// python3-* packages install.

#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/packages/packages.hpp"
#include "packages/python_metadata.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
namespace limits = core::limits;
using packages::identify_packages;
using packages::PackageIndex;
using packages::parse_python_metadata;
using packages::parse_python_requirement;
using packages::parse_record_path;
using packages::parse_requires_txt;
using packages::PythonRequirement;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

const std::string kSite = "usr/local/lib/python3.11/site-packages/";

std::string header(const std::string& name, const std::string& version, const Texts& needs = {}) {
  std::string text = "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n";
  for (const std::string& need : needs) text += "Requires-Dist: " + need + "\n";
  return text + "\nThe description.\nName: not-a-name\n";
}

/// A package as pip leaves it, with its RECORD.
void install(TreeBuilder& tree, const std::string& name, const Texts& needs = {},
             bool requested = false, const std::string& site = kSite) {
  const std::string folder = site + name + "-1.0.dist-info/";
  tree.metadata(folder + "METADATA", header(name, "1.0", needs));
  tree.metadata(folder + "RECORD", name + "/__init__.py,,\n");
  if (requested) tree.file(folder + "REQUESTED");
}

std::string purl_at(const PackageIndex& index, const std::string& path) {
  const auto owner = index.owner(path);
  return owner ? index.packages.at(*owner).purl : "";
}

const model::Package& package(const PackageIndex& index, const std::string& name) {
  for (const model::Package& found : index.packages)
    if (found.name == name) return found;
  FAIL("no package " << name);
  return index.packages.front();
}

Texts owners(const PackageIndex& index, const std::string& name) {
  return package(index, name).owners;
}

Texts codes(const PackageIndex& index) {
  Texts all;
  for (const model::Problem& problem : index.problems) all.push_back(problem.code);
  return all;
}

}  // namespace

TEST_CASE("RECORD says which files a wheel installed, wherever it put them") {
  const auto tree =
      TreeBuilder()
          .metadata(kSite + "numpy-1.26.4.dist-info/METADATA", header("numpy", "1.26.4"))
          .metadata(kSite + "numpy-1.26.4.dist-info/WHEEL",
                    "Wheel-Version: 1.0\nGenerator: meson\nRoot-Is-Purelib: false\n"
                    "Tag: cp311-cp311-manylinux_2_17_x86_64\n"
                    "Tag: cp311-cp311-manylinux2014_x86_64\n\n")
          .metadata(kSite + "numpy-1.26.4.dist-info/RECORD",
                    "../../../bin/f2py,sha256=x,216\r\n"
                    "numpy/core/_simd.so,sha256=x,1\r\n"
                    "\"numpy/a,b.so\",sha256=x,1\r\n"
                    "numpy.libs/libgfortran.so.5,sha256=x,1\r\n"
                    "numpy/not_there.so,,\r\n"
                    "/opt/data/numpy.so,,\r\n")
          .file("usr/local/bin/f2py")
          .file(kSite + "numpy/core/_simd.so")
          .file(kSite + "numpy/a,b.so")
          .file(kSite + "numpy.libs/libgfortran.so.5")
          .file(kSite + "numpy/alien.so")
          .file("opt/data/numpy.so")
          .build();
  const PackageIndex index = identify_packages(tree);
  const std::string numpy = "pkg:pypi/numpy@1.26.4";
  for (const std::string path : {"usr/local/bin/f2py", "opt/data/numpy.so"})
    CHECK(purl_at(index, path) == numpy);
  for (const std::string path :
       {"numpy/core/_simd.so", "numpy/a,b.so", "numpy.libs/libgfortran.so.5"})
    CHECK(purl_at(index, kSite + path) == numpy);
  CHECK(purl_at(index, kSite + "numpy/alien.so").empty());
  CHECK(package(index, "numpy").platforms ==
        Texts{"cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux2014_x86_64"});
  CHECK(package(index, "numpy").path == kSite + "numpy-1.26.4.dist-info");
  CHECK(package(index, "numpy").ecosystem == "pypi");
  CHECK_FALSE(package(index, "numpy").distribution);
  CHECK(index.problems.empty());
}

TEST_CASE("names are written as PEP 503 normalises them") {
  TreeBuilder tree;
  install(tree, "Zope.Interface__x");
  CHECK(package(identify_packages(tree.build()), "zope-interface-x").purl ==
        "pkg:pypi/zope-interface-x@1.0");
}

TEST_CASE("without RECORD a package is what bears its name") {
  const auto tree =
      TreeBuilder()
          .metadata(kSite + "Pillow-9.4.0.dist-info/METADATA", header("Pillow", "9.4.0"))
          .metadata(kSite + "Pillow-9.4.0.dist-info/top_level.txt", "PIL\n")
          .metadata(kSite + "scikit_learn-1.3.dist-info/METADATA", header("scikit-learn", "1.3"))
          .file(kSite + "PIL/_imaging.so")
          .file(kSite + "Pillow.libs/libjpeg.so.62")
          .file(kSite + "scikit_learn/x.so")
          .file(kSite + "scikit_learn.libs/libgomp.so.1")
          .file(kSite + "other/x.so")
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(purl_at(index, kSite + "PIL/_imaging.so") == "pkg:pypi/pillow@9.4.0");
  CHECK(purl_at(index, kSite + "Pillow.libs/libjpeg.so.62") == "pkg:pypi/pillow@9.4.0");
  CHECK(purl_at(index, kSite + "scikit_learn/x.so") == "pkg:pypi/scikit-learn@1.3");
  CHECK(purl_at(index, kSite + "scikit_learn.libs/libgomp.so.1") == "pkg:pypi/scikit-learn@1.3");
  CHECK(purl_at(index, kSite + "other/x.so").empty());
}

TEST_CASE("packages that share a namespace own what bears their whole name") {
  TreeBuilder tree;
  for (const char* name : {"zope.event", "zope.interface"}) {
    tree.metadata(kSite + name + "-1.0.egg-info/PKG-INFO", header(name, "1.0"));
    tree.metadata(kSite + name + "-1.0.egg-info/top_level.txt", "zope\n");
  }
  tree.file(kSite + "zope/event/__init__.py").elf(kSite + "zope/interface/_speedups.so");
  const PackageIndex index = identify_packages(tree.build());
  CHECK(purl_at(index, kSite + "zope/interface/_speedups.so") == "pkg:pypi/zope-interface@1.0");
  CHECK(purl_at(index, kSite + "zope/event/__init__.py") == "pkg:pypi/zope-event@1.0");
}

TEST_CASE("eggs are found in all the shapes they had") {
  const auto tree =
      TreeBuilder()
          .metadata(kSite + "a-1.0.egg-info/PKG-INFO", header("a", "1.0"))
          .metadata(kSite + "a-1.0.egg-info/installed-files.txt", "../a/x.so\nPKG-INFO\n")
          .metadata(kSite + "a-1.0.egg-info/requires.txt", "b>=1\n\n[test]\nc\n")
          .file(kSite + "a/x.so")
          .metadata(kSite + "b-2.0.egg-info", header("b", "2.0"))
          .file(kSite + "b.cpython-311-x86_64-linux-gnu.so")
          .metadata(kSite + "c-3.0-py3.11-linux-x86_64.egg/EGG-INFO/PKG-INFO", header("c", "3.0"))
          .file(kSite + "c-3.0-py3.11-linux-x86_64.egg/c/x.so")
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(purl_at(index, kSite + "a/x.so") == "pkg:pypi/a@1.0");
  CHECK(purl_at(index, kSite + "b.cpython-311-x86_64-linux-gnu.so") == "pkg:pypi/b@2.0");
  CHECK(purl_at(index, kSite + "c-3.0-py3.11-linux-x86_64.egg/c/x.so") == "pkg:pypi/c@3.0");
  CHECK(owners(index, "b") == Texts{"a"});
}

TEST_CASE("what Debian installed is Debian's, metadata and all") {
  const std::string dist = "usr/lib/python3/dist-packages/";
  const auto tree =
      TreeBuilder()
          .metadata("var/lib/dpkg/status",
                    "Package: python3-numpy\nStatus: install ok installed\nVersion: 1\n"
                    "Architecture: amd64\nMaintainer: Debian <d@lists.debian.org>\n\n")
          .metadata("var/lib/dpkg/info/python3-numpy:amd64.list",
                    "/.\n/usr/lib/python3/dist-packages/numpy/x.so\n"
                    "/usr/lib/python3/dist-packages/numpy-1.24.2.egg-info/PKG-INFO\n")
          .metadata(dist + "numpy-1.24.2.egg-info/PKG-INFO", header("numpy", "1.24.2"))
          .file(dist + "numpy/x.so")
          .metadata(kSite + "numpy-1.26.4.dist-info/METADATA", header("numpy", "1.26.4"))
          .metadata(kSite + "numpy-1.26.4.dist-info/RECORD", "numpy/x.so,,\n")
          .file(kSite + "numpy/x.so")
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(index.packages.size() == 2);
  CHECK(purl_at(index, dist + "numpy/x.so").starts_with("pkg:deb/"));
  CHECK(purl_at(index, kSite + "numpy/x.so") == "pkg:pypi/numpy@1.26.4");
}

TEST_CASE("conda's own documents win over the metadata of the Python packages it installs") {
  const std::string site = "opt/conda/lib/python3.11/site-packages/";
  const auto tree =
      TreeBuilder()
          .metadata("opt/conda/conda-meta/numpy-1.26.4-py311h_0.json",
                    R"({"name":"numpy","version":"1.26.4","build":"py311h_0","subdir":"linux-64",
                        "depends":["libblas >=3.9","python >=3.11"],"requested_spec":"numpy",
                        "files":["lib/python3.11/site-packages/numpy/x.so",
                                 "lib/python3.11/site-packages/numpy-1.26.4.dist-info/METADATA",
                                 "../../../etc/passwd", 7]})")
          .metadata("opt/conda/conda-meta/libblas-3.9-0.json",
                    R"({"name":"libblas","version":"3.9","files":["lib/libblas.so.3"]})")
          .metadata(site + "numpy-1.26.4.dist-info/METADATA", header("numpy", "1.26.4"))
          .file(site + "numpy/x.so")
          .file("opt/conda/lib/libblas.so.3")
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(index.packages.size() == 2);
  CHECK(purl_at(index, site + "numpy/x.so") ==
        "pkg:conda/numpy@1.26.4?build=py311h_0&subdir=linux-64");
  CHECK(purl_at(index, "opt/conda/lib/libblas.so.3") == "pkg:conda/libblas@3.9");
  CHECK(owners(index, "libblas") == Texts{"numpy"});
  CHECK(owners(index, "numpy").empty());
}

TEST_CASE("a chain begins at what pip was asked for") {
  TreeBuilder tree;
  install(tree, "app-framework", {"middle (>=1)", "leaf; python_version < '3'"}, true);
  install(tree, "middle", {"Deep_Leaf[speed]>=2"}, true);
  install(tree, "Deep.Leaf", {"socks; extra == 'socks'"});
  install(tree, "leaf");
  install(tree, "socks");
  install(tree, "alone");
  const PackageIndex index = identify_packages(tree.build());
  CHECK(owners(index, "app-framework").empty());
  CHECK(owners(index, "middle").empty());
  CHECK(owners(index, "deep-leaf") == Texts{"middle"});
  CHECK(owners(index, "leaf") == Texts{"app-framework"});
  CHECK(owners(index, "socks") == Texts{"middle", "deep-leaf"});
  CHECK(owners(index, "alone").empty());
}

TEST_CASE("where pip left no marks a chain begins at what nobody needs, extras aside") {
  TreeBuilder tree;
  install(tree, "a", {"b", "pytest; extra == 'test'"});
  install(tree, "b", {"c"});
  install(tree, "c", {"b"});
  install(tree, "pytest");
  install(tree, "d", {"e"});
  install(tree, "e", {"d"});
  const PackageIndex index = identify_packages(tree.build());
  CHECK(owners(index, "b") == Texts{"a"});
  CHECK(owners(index, "c") == Texts{"a", "b"});
  CHECK(owners(index, "pytest").empty());
  CHECK(owners(index, "e").empty());
}

TEST_CASE("environments do not see each other, lib and lib64 are one") {
  TreeBuilder tree;
  install(tree, "a", {"b"}, false, "opt/one/lib/python3.11/site-packages/");
  install(tree, "b", {}, false, "opt/two/lib/python3.11/site-packages/");
  install(tree, "c", {"d"}, false, "opt/one/lib/python3.11/site-packages/");
  install(tree, "d", {}, false, "opt/one/lib64/python3.11/site-packages/");
  const PackageIndex index = identify_packages(tree.build());
  CHECK(owners(index, "b").empty());
  CHECK(owners(index, "d") == Texts{"c"});
}

TEST_CASE("metadata that names no package is a problem, and its package is not lost") {
  const std::string binary("\x7f\x00\xff\xfe\nName: ../../etc\nName\n", 27);
  const auto tree = TreeBuilder()
                        .metadata(kSite + "a-1.0.dist-info/METADATA", "")
                        .metadata(kSite + "b-2.0.dist-info/METADATA", binary)
                        .metadata(kSite + "c-3.0-py3.11.egg-info", "Version: 9\n")
                        .metadata(kSite + "-.dist-info/METADATA", "Name: " + std::string(513, 'a'))
                        .metadata("opt/conda/conda-meta/x.json", "{\"name\":")
                        .metadata("opt/conda/conda-meta/y.json", "[]")
                        .metadata("opt/conda/conda-meta/z.json", "{\"name\":3}")
                        .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(codes(index) == Texts{"conda-document-invalid", "conda-document-invalid",
                              "conda-document-invalid", "python-metadata-invalid",
                              "python-metadata-invalid", "python-metadata-invalid",
                              "python-metadata-invalid"});
  CHECK(package(index, "a").version == "1.0");
  CHECK(package(index, "b").version == "2.0");
  CHECK(package(index, "c").version == "3.0");
  CHECK(index.packages.size() == 3);
}

TEST_CASE("paths of RECORD") {
  struct Row {
    const char* line;
    const char* path;
  };
  for (const Row& row : {
           Row{"a/b.so,sha256=x,1", "a/b.so"},
           Row{"a/b.so", "a/b.so"},
           Row{" a/b.so ,,\r", "a/b.so"},
           Row{"\"a,b.so\",,", "a,b.so"},
           Row{"\"a\"\"b\",,", "a\"b"},
           Row{"\"never closed,,", "never closed,,"},
           Row{"\"", ""},
           Row{",,", ""},
           Row{"", ""},
       })
    CHECK(parse_record_path(row.line) == row.path);
}

TEST_CASE("no path of RECORD leaves the image") {
  const auto tree = TreeBuilder()
                        .metadata("s/a-1.dist-info/METADATA", header("a", "1"))
                        .metadata("s/a-1.dist-info/RECORD", "../../../../etc/x,,\n..,,\n/,,\n.,,\n")
                        .file("etc/x")
                        .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(purl_at(index, "etc/x") == "pkg:pypi/a@1");
  CHECK(index.files.size() == 2);
}

TEST_CASE("requirements") {
  using Needs = std::vector<PythonRequirement>;
  struct Row {
    const char* text;
    Needs needs;
  };
  for (const Row& row : {
           Row{"numpy", {{"numpy", false}}},
           Row{"NumPy (>=1.2,<2)", {{"numpy", false}}},
           Row{"a.b[x,y]>=1;python_version<'3'", {{"a-b", false}}},
           Row{"a ; extra == 'x'", {{"a", true}}},
           Row{"a ; 'x' == extra", {{"a", true}}},
           Row{"a ; platform_system == 'extra'", {{"a", false}}},
           Row{"a ; my_extra == 'x'", {{"a", false}}},
           Row{"a @ https://host/a.whl", {{"a", false}}},
           Row{"", {}},
           Row{">=1", {}},
           Row{"-a", {}},
           Row{"a-", {}},
       }) {
    CAPTURE(row.text);
    const auto need = parse_python_requirement(row.text);
    CHECK((need ? Needs{*need} : Needs{}) == row.needs);
  }
  CHECK(parse_requires_txt("a>=1\n\n[:python_version<'3']\nb\n\n[x]\nc\n[x:m]\nd\n") ==
        Needs{{"a", false}, {"b", false}, {"c", true}, {"d", true}});
}

TEST_CASE("what Python's metadata may have is limited") {
  std::string tags;
  for (std::size_t i = 0; i <= limits::kMaxPackagePlatforms; ++i) tags += "Tag: py3-none-any\n";
  CHECK(packages::parse_wheel_tags(tags).size() == limits::kMaxPackagePlatforms);
  CHECK(
      packages::parse_wheel_tags("Tag: " + std::string(limits::kMaxPackageField + 1, 'a')).empty());
  std::string needs;
  for (std::size_t i = 0; i <= limits::kMaxDependencies; ++i) needs += "Requires-Dist: a\n";
  CHECK(parse_python_metadata(needs).requirements.size() == limits::kMaxDependencies);

  std::string lines;
  for (std::size_t i = 0; i < limits::kMaxListedFiles; ++i) lines += ",\n";
  const auto listing = [&](const std::string& more) {
    return TreeBuilder()
        .metadata("s/a-1.dist-info/METADATA", header("a", "1"))
        .metadata("s/a-1.dist-info/RECORD", lines + more)
        .file("s/a.so")
        .build();
  };
  CHECK(codes(identify_packages(listing(""))).empty());
  CHECK(codes(identify_packages(listing("a.so,,\n,\n,\n"))) == Texts{"too-many-listed-files"});

  const auto tree = TreeBuilder()
                        .metadata("c/conda-meta/a.json",
                                  "{\"name\":\"a\"}" + std::string(limits::kMaxCondaDocument, ' '))
                        .build();
  CHECK(codes(identify_packages(tree)) == Texts{"conda-document-invalid"});
}
