namespace As2.Storage.PostgreSql;

/// <summary>One step forward. It only adds, so that nodes of the version before go on working while it runs and after it.</summary>
/// <param name="Version">The schema's number after it.</param>
/// <param name="OldestProgram">The oldest program that may work on that schema, by the number of the schema that it was made for.</param>
/// <param name="Statements">Run in one transaction.</param>
internal sealed record Migration(int Version, int OldestProgram, IReadOnlyList<string> Statements)
{
    /// <summary>Every step from an empty database. A step that was released is never edited.</summary>
    public static readonly IReadOnlyList<Migration> All =
    [
        new(1, 1, [SchemaVersion1.Functions, SchemaVersion1.Messages, SchemaVersion1.Work, SchemaVersion1.Usage]),
        new(2, 1, [SchemaVersion2.Sharing]),
    ];
}
