using As2.Crash;
using As2.Crash.Cluster;

// As2.Crash drive [--kills N] [--seconds S] [--points A,B] [--random N] [--data DIR]   the campaign, see eng/crash.sh
// As2.Crash gateway --data DIR --port N --outside ADDRESS                              the process that is killed
// As2.Crash faults --data DIR [--seconds S] [--points WORD,WORD]                       troubles, see eng/faults.sh
// As2.Crash cluster [--nodes N] [--seconds S] [--chaos true] [--data DIR]              several nodes, see eng/cluster.sh
if (args is ["gateway", ..])
    return await GatewayProgram.RunAsync(CrashOptions.Parse(args[1..]));
using var interruption = new Interruption();
if (args is ["cluster", ..])
    return await ClusterRun.RunAsync(CrashOptions.Parse(args[1..]), Console.Out, interruption.Token);
return args is ["faults", ..]
    ? await FaultRun.RunAsync(CrashOptions.Parse(args[1..]), Console.Out, interruption.Token)
    : await Campaign.RunAsync(CrashOptions.Parse(args is ["drive", ..] ? args[1..] : args), Console.Out, interruption.Token);
