using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Audit;

/// <summary>One line of the audit log.</summary>
/// <param name="Sequence">From 1 without gaps.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who: a user's name, with the token's where one was used.</param>
/// <param name="Action">What was done, such as <c>user.create</c>.</param>
/// <param name="Subject">To what.</param>
/// <param name="Detail">Before and after in plain words; never a secret.</param>
/// <param name="Hash">SHA-256 over this line and the hash of the one before.</param>
internal sealed record AuditLine(long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, string Detail, string Hash);

/// <summary>What was done, and by whom. Each line's hash covers the one before: a line that is changed or taken out shows. Thread-safe.</summary>
internal sealed class AuditLog(OperationsDatabase database, TimeProvider clock)
{
    private const string Columns = "SELECT sequence, at, actor, action, subject, detail, hash FROM audit ";

    /// <summary>Adds a line of its own, for what is done elsewhere than in this database: before it is done.</summary>
    public void Add(string actor, string action, string subject, string detail)
        => database.Change(session => Add(session, actor, action, subject, detail));

    /// <summary>Adds a line to the transaction of the change that it tells of.</summary>
    public long Add(OperationsSession session, string actor, string action, string subject, string detail)
    {
        var (sequence, previous) = session.One("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1", row => (row.GetInt64(0) + 1, row.GetFieldValue<byte[]>(1)));
        sequence = Math.Max(sequence, 1);
        var at = clock.GetUtcNow().ToUnixTimeMilliseconds();
        session.Execute(
            "INSERT INTO audit VALUES (@sequence, @at, @actor, @action, @subject, @detail, @hash)",
            ("@sequence", sequence), ("@at", at), ("@actor", actor), ("@action", action), ("@subject", subject), ("@detail", detail),
            ("@hash", HashOf(previous, sequence, at, [actor, action, subject, detail])));
        return sequence;
    }

    /// <summary>Lines, newest first.</summary>
    /// <param name="before">Only lines before this one; null from the newest.</param>
    /// <param name="max">At most this many.</param>
    public IReadOnlyList<AuditLine> List(long? before, int max) => database.Read(session => session.All(
        Columns + "WHERE sequence < @before ORDER BY sequence DESC LIMIT @max", Line, ("@before", before ?? long.MaxValue), ("@max", max)));

    /// <summary>Looks whether every line is as it was written.</summary>
    /// <returns>How many lines there are, and the first that does not fit the one before; null when all fit.</returns>
    public (long Lines, long? Broken) Verify()
    {
        var (reached, broken) = Verify((0, null));
        return (reached.Sequence + (broken is null ? 0 : 1), broken);
    }

    /// <summary>The same from a line on that was good.</summary>
    /// <returns>The last good line, and the first that does not fit.</returns>
    public ((long Sequence, byte[]? Hash) Good, long? Broken) Verify((long Sequence, byte[]? Hash) from)
    {
        var good = from;
        while (true)
        {
            var lines = database.Read(session => session.All(Columns + "WHERE sequence > @after ORDER BY sequence LIMIT 1000", Line, ("@after", good.Sequence)));
            if (lines.Count == 0)
                return (good, null);
            foreach (var line in lines)
            {
                var hash = HashOf(good.Hash, line.Sequence, line.At.ToUnixTimeMilliseconds(), [line.Actor, line.Action, line.Subject, line.Detail]);
                if (line.Sequence != good.Sequence + 1 || Convert.ToHexStringLower(hash) != line.Hash)
                    return (good, line.Sequence);
                good = (line.Sequence, hash);
            }
        }
    }

    private static AuditLine Line(DbDataReader row) => new(
        row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
        Convert.ToHexStringLower(row.GetFieldValue<byte[]>(6)));

    // Lengths stand before the texts: no two lines have the same octets.
    private static byte[] HashOf(byte[]? previous, long sequence, long at, ReadOnlySpan<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous ?? new byte[32]);
        Append(hash, sequence);
        Append(hash, at);
        foreach (var text in texts)
        {
            var octets = Encoding.UTF8.GetBytes(text);
            Append(hash, octets.Length);
            hash.AppendData(octets);
        }
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> octets = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(octets, number);
        hash.AppendData(octets);
    }
}
