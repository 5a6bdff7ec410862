namespace As2.Benchmarks.Figures;

/// <summary>Some work, and what of it nobody can avoid.</summary>
internal sealed record Stage(Action Work, Action Floor);
