namespace As2.Storage.Sqlite;

/// <summary>
/// The fifth schema: what a page of figures shows is counted as messages come and move, so that it costs the same with a million of them.
/// </summary>
internal static class SchemaVersion5
{
    public const string Changes =
        """
        -- Messages by the hour and by the month in which they were made, and by where they stand now. A row that counts nothing is gone.
        CREATE TABLE message_count (
            period    TEXT    NOT NULL,
            start     INTEGER NOT NULL,
            local     TEXT    NOT NULL,
            partner   TEXT    NOT NULL,
            direction TEXT    NOT NULL,
            state     TEXT    NOT NULL,
            messages  INTEGER NOT NULL,
            bytes     INTEGER NOT NULL,
            PRIMARY KEY (period, start, local, partner, direction, state)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO message_count SELECT 'hour', created / 3600000 * 3600000, local, partner, direction, state, COUNT(*), SUM(length)
            FROM message GROUP BY 2, 3, 4, 5, 6;
        INSERT INTO message_count SELECT 'month', unixepoch(created / 1000, 'unixepoch', 'start of month') * 1000, local, partner, direction, state, COUNT(*), SUM(length)
            FROM message GROUP BY 2, 3, 4, 5, 6;

        CREATE TRIGGER count_come AFTER INSERT ON message BEGIN
            INSERT INTO message_count VALUES
                ('hour', NEW.created / 3600000 * 3600000, NEW.local, NEW.partner, NEW.direction, NEW.state, 1, NEW.length),
                ('month', unixepoch(NEW.created / 1000, 'unixepoch', 'start of month') * 1000, NEW.local, NEW.partner, NEW.direction, NEW.state, 1, NEW.length)
                ON CONFLICT DO UPDATE SET messages = messages + 1, bytes = bytes + excluded.bytes;
        END;
        CREATE TRIGGER count_moved AFTER UPDATE OF state ON message WHEN OLD.state <> NEW.state BEGIN
            INSERT INTO message_count VALUES
                ('hour', OLD.created / 3600000 * 3600000, OLD.local, OLD.partner, OLD.direction, OLD.state, 0, 0),
                ('month', unixepoch(OLD.created / 1000, 'unixepoch', 'start of month') * 1000, OLD.local, OLD.partner, OLD.direction, OLD.state, 0, 0)
                ON CONFLICT DO UPDATE SET messages = messages - 1, bytes = bytes - OLD.length;
            INSERT INTO message_count VALUES
                ('hour', NEW.created / 3600000 * 3600000, NEW.local, NEW.partner, NEW.direction, NEW.state, 1, NEW.length),
                ('month', unixepoch(NEW.created / 1000, 'unixepoch', 'start of month') * 1000, NEW.local, NEW.partner, NEW.direction, NEW.state, 1, NEW.length)
                ON CONFLICT DO UPDATE SET messages = messages + 1, bytes = bytes + excluded.bytes;
        END;
        CREATE TRIGGER count_gone AFTER DELETE ON message BEGIN
            INSERT INTO message_count VALUES
                ('hour', OLD.created / 3600000 * 3600000, OLD.local, OLD.partner, OLD.direction, OLD.state, 0, 0),
                ('month', unixepoch(OLD.created / 1000, 'unixepoch', 'start of month') * 1000, OLD.local, OLD.partner, OLD.direction, OLD.state, 0, 0)
                ON CONFLICT DO UPDATE SET messages = messages - 1, bytes = bytes - OLD.length;
        END;
        CREATE TRIGGER count_empty AFTER UPDATE OF messages ON message_count WHEN NEW.messages = 0 BEGIN
            DELETE FROM message_count WHERE period = NEW.period AND start = NEW.start AND local = NEW.local AND partner = NEW.partner
                AND direction = NEW.direction AND state = NEW.state;
        END;

        -- What is under way, by itself: a backlog is counted without its messages.
        CREATE INDEX message_waiting ON message (state, local, created)
            WHERE state IN ('Accepted', 'Submitted', 'Packaged', 'Sending', 'AwaitingReceipt', 'RetryWait', 'Suspended');
        """;
}
