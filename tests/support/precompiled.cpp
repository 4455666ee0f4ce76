// Nothing but tests/support/precompiled.hpp, for whose sake it is compiled.
