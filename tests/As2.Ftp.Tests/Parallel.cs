// Most of the time is waiting for servers and clients, each fixture for its own.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
