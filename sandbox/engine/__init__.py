"""The real Pulumi engine: found, installed, or built from Pulumi's published Go module.

``search.find_pulumi`` looks in these places, in this order:

1. ``pulumi`` on PATH, if it is recent enough;
2. ``.tools/pulumi`` of the repository around the working directory, where an earlier search put
   one (outside of repositories: ``tools/pulumi`` of the user's cache);
3. the archive in the layout of the official release that ``PULUMI_ARCHIVE`` names;
4. the official download;
5. Pulumi's Go module at the version that ``go/engine/go.mod`` pins, where Go is new enough.

What comes from places 3 to 5 is put into ``.tools/pulumi``. A build takes minutes: the search uses
one that is in the cache already, and builds only for callers that ask for it.

**Go binaries** (``build``). ``build.go_binary(module)`` returns the binary of ``go/<module>``: that
of the module's ``tool`` line, else that of its own main package. It is built once for all projects
of a user, into ``<module>/<version>-<os>-<cpu>-<digest>`` below the cache folder
``${XDG_CACHE_HOME:-~/.cache}/cloudtrail-guard``; the digest covers go.mod, go.sum, the module's own
sources and the version of Go. A build happens in a temporary folder beside that and is renamed in
one step, so that no other process meets half of it; a lock makes one build of two at once.

**The installation of a built engine** (``install``) is ``.tools/pulumi/bin``: a hard link to the
cached ``pulumi``, or a copy, and beside it the executables of our own language hosts
(``install.HOSTS``), which run ``sandbox.engine.hosts.<language>`` with the interpreter that
searched. ``.tools/pulumi/built-from`` names the cache folder: it tells our build from an official
installation, whose hosts are its own, and from the build of an older pin.

This package is imported by each language host as it starts: keep this file free of imports.
"""
