// Nothing but src/cmake/precompiled.hpp, for whose sake it is compiled.
