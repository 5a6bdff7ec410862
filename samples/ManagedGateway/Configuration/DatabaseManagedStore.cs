using System.Text.Json.Nodes;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Configuration;

/// <summary>The saved configuration in the operations database, beside the audit log that tells of it.</summary>
internal sealed class DatabaseManagedStore(OperationsDatabase database, AuditLog audit) : IManagedStore
{
    public long Version => database.Read(VersionOf);

    public ManagedState Read() => database.Read(session => new ManagedState(
        VersionOf(session),
        session.All("SELECT kind, key, body FROM managed ORDER BY kind, key", row => (Name: new EntryName(Enum.Parse<EntryKind>(row.GetString(0)), row.GetString(1)), Body: JsonNode.Parse(row.GetString(2))!.AsObject()))
            .ToDictionary(e => e.Name, e => e.Body)));

    public bool Commit(ManagedCommit commit) => database.Change(session =>
    {
        if (session.Execute("UPDATE managed_version SET version = version + 1 WHERE version = @expected", ("@expected", commit.Expected)) == 0)
            return false;
        foreach (var name in commit.Removes)
            session.Execute("DELETE FROM managed WHERE kind = @kind AND key = @key", ("@kind", name.Kind.ToString()), ("@key", name.Key));
        foreach (var (name, body) in commit.Puts)
            session.Execute("INSERT INTO managed VALUES (@kind, @key, @body) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body", ("@kind", name.Kind.ToString()), ("@key", name.Key), ("@body", body.ToJsonString()));
        audit.Add(session, commit.Audit.Actor, commit.Audit.Action, commit.Audit.Subject, commit.Audit.Detail);
        return true;
    });

    private static long VersionOf(OperationsSession session) => session.One("SELECT version FROM managed_version", row => row.GetInt64(0));
}
