using As2;
using ManagedGateway.Secrets;

namespace ManagedGateway.Operations.Store;

/// <summary>Nodes that share a database read each other's secrets: all need the same key, and one with another key is told at start.</summary>
internal static class SealCheck
{
    private const string Id = "nodes", Kind = "seal";

    /// <summary>Compares the key with the one of the first node, which this one may be.</summary>
    /// <exception cref="As2Exception">GW-SECRET-003: the key is another one.</exception>
    public static OperationsDatabase Open(OperationsDatabase database, SecretBox box)
    {
        if (database is not PostgresOperations)
            return database;
        var known = database.Change(session => session.One("SELECT text FROM seal", row => row.GetString(0))
            ?? session.One("INSERT INTO seal VALUES (@text) RETURNING text", row => row.GetString(0), ("@text", box.Seal("the key of all nodes", Id, Kind))));
        try
        {
            box.Open(known!, Id, Kind);
            return database;
        }
        catch (As2Exception e)
        {
            database.Dispose();
            throw new As2Exception("GW-SECRET-003", $"This node seals its secrets with another key than the nodes that share its database. Copy the first node's {SecretKey.FileName} into this data folder, or name the same key by GATEWAY_SECRET_KEY_FILE on every node.", e);
        }
    }

    /// <summary>Passes what nodes compare to another key.</summary>
    /// <returns>1, or 0 when that key opens it already.</returns>
    public static int Pass(OperationsDatabase database, SecretBox from, SecretBox to) => database.Change(session =>
        to.Rewrap(session.One("SELECT text FROM seal", row => row.GetString(0))!, from, Id, Kind) is { } text
            ? session.Execute("UPDATE seal SET text = @text", ("@text", text))
            : 0);
}
