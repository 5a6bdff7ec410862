using System.Globalization;
using System.Security.Cryptography;
using As2.Agreements;
using As2.Headers;
using As2.Storage;
using As2.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace As2.Benchmarks.Figures;

/// <summary>
/// The acceptance of messages into the stores, 32 at once as a busy gateway has them: by the clock, since the work is another thread's and
/// the disk's.
/// </summary>
internal sealed class AcceptFigures : IDisposable
{
    /// <summary>Messages of one run.</summary>
    public const int AtOnce = 32;

    private const int MostKept = 256 * AtOnce;

    private static readonly As2Identifier s_alice = new("alice");
    private static readonly As2Identifier s_bob = new("bob");

    private readonly string _folder = Directory.CreateTempSubdirectory("as2-accept-").FullName;
    private readonly StoredContent _payload = StoredContent.FromBytes(RandomNumberGenerator.GetBytes(10 << 10));
    private readonly StoredContent _receipt = StoredContent.FromBytes(RandomNumberGenerator.GetBytes(4 << 10));
    private readonly Dictionary<string, StoredContent> _table = [];
    private InMemoryStore _memory = new();
    private readonly SqliteStore _sqlite;
    private readonly SqliteConnection _bare;
    private readonly SqliteCommand _insert;
    private long _number;

    public AcceptFigures()
    {
        _sqlite = new SqliteStore(new SqliteStoreOptions { Folder = Path.Combine(_folder, "store") });
        _bare = new SqliteConnection($"Data Source={Path.Combine(_folder, "bare.db")};Pooling=False");
        _bare.Open();
        _insert = _bare.CreateCommand();
        _insert.CommandText =
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE message (id INTEGER PRIMARY KEY, payload BLOB, receipt BLOB)";
        _insert.ExecuteNonQuery();
        _insert.CommandText = "INSERT INTO message (payload, receipt) VALUES ($payload, $receipt)";
        _insert.Parameters.AddWithValue("$payload", _payload.Inline!.Value.ToArray());
        _insert.Parameters.AddWithValue("$receipt", _receipt.Inline!.Value.ToArray());
    }

    public IEnumerable<Contest> All() =>
    [
        new("store-accept-memory", Memory, MemoryFloor) { IsByTheClock = true, Messages = AtOnce },
        new("store-accept-sqlite", Sqlite, SqliteFloor) { IsByTheClock = true, Messages = AtOnce },
    ];

    public void Memory()
    {
        Accept(_memory);
        if (_number % MostKept != 0)
            return;
        _memory.Dispose();
        _memory = new InMemoryStore();
    }

    /// <summary>What any memory must do: find that the key is new, and keep the content under it.</summary>
    public void MemoryFloor()
    {
        for (var i = 0; i < AtOnce; i++)
            _table.Add((++_number).ToString(CultureInfo.InvariantCulture), _payload);
        if (_table.Count >= MostKept)
            _table.Clear();
    }

    public void Sqlite() => Accept(_sqlite);

    /// <summary>What any durable SQLite must do: the octets into rows, and one flush.</summary>
    public void SqliteFloor()
    {
        using var transaction = _bare.BeginTransaction();
        _insert.Transaction = transaction;
        for (var i = 0; i < AtOnce; i++)
            _insert.ExecuteNonQuery();
        transaction.Commit();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _bare.Dispose();
        _sqlite.Dispose();
        _memory.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Accept(IMessageStore store)
    {
        var accepted = new Task<AcceptOutcome>[AtOnce];
        for (var i = 0; i < AtOnce; i++)
            accepted[i] = store.AcceptAsync(Arrival(), CancellationToken.None).AsTask();
        foreach (var task in accepted)
        {
            if (!task.GetAwaiter().GetResult().IsNew)
                throw new InvalidOperationException("The store took it for one it has.");
        }
    }

    private NewMessage Arrival()
    {
        var id = (++_number).ToString(CultureInfo.InvariantCulture);
        return new NewMessage
        {
            Message = new StoredMessage
            {
                Id = id,
                Key = new MessageKey(MessageDirection.Inbound, s_bob, s_alice, id),
                MessageId = $"<{id}>",
                State = MessageState.Accepted,
                Payloads = [new StoredPayload(_payload, "application/edifact", "order.edi")],
                Receipt = new WireMessage([], _receipt),
            },
            Jobs = [new NewJob(JobKind.Deliver)],
            Events = [("received", "from alice")],
        };
    }
}
