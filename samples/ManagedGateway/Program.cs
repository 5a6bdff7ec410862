using ManagedGateway;

// gateway [run|demo|password|evidence MESSAGE-ID] [--data DIR] [--port N] [--exit]
return await CommandLine.RunAsync(args, Console.In, Console.Out, Console.Error);
