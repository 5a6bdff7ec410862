using ManagedGateway;

// gateway [run|demo] [--data DIR] [--port N] [--exit]
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
