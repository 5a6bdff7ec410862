namespace As2.Storage.Sqlite;

/// <summary>The second schema: alerts are found by themselves, a message sent anew names the former one.</summary>
internal static class SchemaVersion2
{
    public const string Changes =
        """
        ALTER TABLE message ADD COLUMN resubmission_of TEXT;
        CREATE INDEX event_alert ON event (sequence) WHERE kind = 'alert';
        """;
}
