using As2.Crash;

// As2.Crash drive [--kills N] [--seconds S] [--points A,B] [--random N] [--data DIR]   the campaign, see eng/crash.sh
// As2.Crash gateway --data DIR --port N --outside ADDRESS                              the process that is killed
return args is ["gateway", ..]
    ? await GatewayProgram.RunAsync(CrashOptions.Parse(args[1..]))
    : await Campaign.RunAsync(CrashOptions.Parse(args is ["drive", ..] ? args[1..] : args), Console.Out);
