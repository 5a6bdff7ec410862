namespace As2.Storage.Sqlite;

/// <summary>
/// The third schema: any part of a Message-ID or a file name is found by an index of every three characters. Rows are put into it a
/// block at a time, because one by one they would cost every commit some pages; those after <c>up_to</c> are looked through.
/// </summary>
internal static class SchemaVersion3
{
    public const string Changes =
        """
        CREATE VIRTUAL TABLE message_text USING fts5 (key, file_name, content = 'message', content_rowid = 'number', tokenize = 'trigram');
        CREATE TABLE message_text_state (up_to INTEGER NOT NULL) STRICT;
        INSERT INTO message_text_state SELECT COALESCE(MAX(number), 0) FROM message;
        INSERT INTO message_text (message_text) VALUES ('rebuild');
        CREATE INDEX message_local ON message (local, id);

        -- What each of our AS2 names used: messages by day since 1970, and the bytes of payloads that are still kept.
        CREATE TABLE usage_day (
            local    TEXT    NOT NULL,
            day      INTEGER NOT NULL,
            messages INTEGER NOT NULL,
            PRIMARY KEY (local, day)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE usage_kept (
            local TEXT    PRIMARY KEY,
            bytes INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO usage_day SELECT local, created / 86400000, COUNT(*) FROM message WHERE state <> 'Refused' GROUP BY 1, 2;
        INSERT INTO usage_kept SELECT local, SUM(length) FROM message WHERE purged = 0 GROUP BY 1;
        CREATE TRIGGER usage_come AFTER INSERT ON message BEGIN
            INSERT INTO usage_day VALUES (NEW.local, NEW.created / 86400000, NEW.state <> 'Refused')
                ON CONFLICT DO UPDATE SET messages = messages + excluded.messages;
            INSERT INTO usage_kept VALUES (NEW.local, NEW.length) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
        END;
        CREATE TRIGGER usage_purged AFTER UPDATE OF purged ON message WHEN OLD.purged = 0 AND NEW.purged <> 0 BEGIN
            UPDATE usage_kept SET bytes = bytes - OLD.length WHERE local = OLD.local;
        END;
        CREATE TRIGGER usage_gone AFTER DELETE ON message WHEN OLD.purged = 0 BEGIN
            UPDATE usage_kept SET bytes = bytes - OLD.length WHERE local = OLD.local;
        END;
        """;
}
