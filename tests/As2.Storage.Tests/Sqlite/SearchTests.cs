using As2.Storage.Sqlite;
using As2.Testing;
using As2.Testing.Storage;
using Microsoft.Data.Sqlite;

namespace As2.Storage.Tests;

/// <summary>The index of texts keeps up with what comes and goes.</summary>
public sealed class SearchTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Test]
    public async Task what_was_purged_is_not_found_and_what_takes_its_number_is()
    {
        using var folder = new TempFolder();
        using (var store = Open(folder))
        {
            await AddAsync(store, "old", 600);
            await store.PurgeAsync(new RetentionPolicy { Contents = TimeSpan.Zero, Records = TimeSpan.Zero }, 1000, s_none);
            Assert.That(await CountAsync(store, "old-"), Is.Zero);
            await AddAsync(store, "new", 300);
            Assert.That(await CountAsync(store, "new-"), Is.EqualTo(300));
            Assert.That(await CountAsync(store, "old-"), Is.Zero);
        }
        using var connection = new SqliteConnection($"Data Source={folder["as2.db"]};Pooling=False");
        connection.Open();
        using var check = connection.CreateCommand();
        check.CommandText = "INSERT INTO message_text (message_text, rank) VALUES ('integrity-check', 0)";
        Assert.That(check.ExecuteNonQuery, Throws.Nothing);
    }

    [Test]
    public async Task messages_of_an_older_schema_are_found()
    {
        using var folder = new TempFolder();
        using (var connection = new SqliteConnection($"Data Source={folder["as2.db"]};Pooling=False"))
        {
            connection.Open();
            using var make = connection.CreateCommand();
            make.CommandText = SchemaVersion1.Messages + SchemaVersion1.Work + SchemaVersion2.Changes + """
                ; INSERT INTO message (id, direction, local, partner, key, message_id, state, created, changed, mics, security, attempts, file_name, length)
                VALUES ('0123', 'Inbound', 'US', 'THEM', 'k@x', '<k@x>', 'Delivered', 1, 1, '', '', 0, 'Invoice.edi', 7);
                PRAGMA application_id = 0x41533253; PRAGMA user_version = 2
                """;
            make.ExecuteNonQuery();
        }
        using var store = Open(folder);
        Assert.That(await CountAsync(store, "VOICE"), Is.EqualTo(1));
        await AddAsync(store, "invoice", 300);
        Assert.That(await CountAsync(store, "voice"), Is.EqualTo(301));
    }

    private static SqliteStore Open(TempFolder folder) => new(new SqliteStoreOptions { Folder = folder.Path });

    private static async Task AddAsync(SqliteStore store, string word, int count)
    {
        for (var i = 0; i < count; i++)
            await store.AcceptAsync(Sample.Inbound($"{word}-{i}@x", state: MessageState.Refused), s_none);
    }

    private static async Task<int> CountAsync(SqliteStore store, string text)
        => (await store.ListAsync(new MessageQuery { Text = text, Max = 1000 }, s_none)).Count;
}
