// Each fixture has gateways, folders and ports of its own, and waits for them most of the time.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]
