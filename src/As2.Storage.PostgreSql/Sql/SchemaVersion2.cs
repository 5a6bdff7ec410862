namespace As2.Storage.PostgreSql;

/// <summary>What nodes hold in common besides messages. A program of the first schema knows nothing of it and goes on.</summary>
internal static class SchemaVersion2
{
    public const string Sharing =
        """
        CREATE TABLE partner_standing (
            purpose  text    NOT NULL COLLATE "C",
            local    text    NOT NULL COLLATE "C",
            partner  text    NOT NULL COLLATE "C",
            version  bigint  NOT NULL,
            failures integer NOT NULL,
            pause    bigint  NOT NULL,
            until    bigint,
            probed   boolean NOT NULL,
            refused  boolean NOT NULL,
            reason   text    NOT NULL,
            PRIMARY KEY (purpose, local, partner)
        ) WITH (fillfactor = 50);

        -- Of this minute and the one before; what a crash takes from it begins anew.
        CREATE UNLOGGED TABLE bound_use (
            key    text    PRIMARY KEY COLLATE "C",
            minute bigint  NOT NULL,
            used   integer NOT NULL,
            before integer NOT NULL
        ) WITH (fillfactor = 50);
        """;
}
