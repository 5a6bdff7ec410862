# For eng/crash.sh and eng/faults.sh: builds tests/As2.Crash with its code compiled ahead, because a gateway that is started
# thousands of times would spend most of its life compiling; as usual where the compiler for that cannot be had.
mkdir -p artifacts
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_TieredPGO=0
crash=artifacts/crash/As2.Crash.dll
if ! dotnet publish tests/As2.Crash -c Release -p:CompiledAhead=true -o artifacts/crash -v q -nologo -clp:ErrorsOnly > artifacts/ahead.log 2>&1; then
  dotnet build tests/As2.Crash -c Release -v q -nologo -clp:ErrorsOnly
  crash=tests/As2.Crash/bin/Release/net10.0/As2.Crash.dll
fi
