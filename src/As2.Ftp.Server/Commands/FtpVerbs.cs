using System.Collections.Frozen;
using As2.Ftp.Server.Connections;
using As2.Ftp.Server.Files;

namespace As2.Ftp.Server.Commands;

/// <summary>Every command that the server knows (RFC 959, 2228, 2389, 2428, 3659, 4217), and the one place that decides who may say it.</summary>
internal static class FtpVerbs
{
    private const string StoreIsFull = "AS2-STORE-005";

    private static readonly FtpVerb s_noActive = FtpVerb.Says(FtpNeed.Account, 502, "Active mode is not offered. Use EPSV or PASV.");
    private static readonly FtpVerb s_noPartial = FtpVerb.Says(FtpNeed.Account, 502, "Not offered. Send the whole file with STOR under its own name.");
    private static readonly FtpVerb s_make = new(FtpNeed.Account, FolderCommands.MkdAsync);
    private static readonly FtpVerb s_remove = new(FtpNeed.Account, FolderCommands.RmdAsync);

    private static readonly FrozenDictionary<string, FtpVerb> s_all = new Dictionary<string, FtpVerb>
    {
        // Signing in
        ["AUTH"] = new(FtpNeed.Nothing, SecurityCommands.AuthAsync),
        ["PBSZ"] = new(FtpNeed.Tls, SecurityCommands.Pbsz),
        ["PROT"] = new(FtpNeed.Tls, SecurityCommands.Prot),
        ["CCC"] = FtpVerb.Says(FtpNeed.Nothing, 533, "The control connection stays protected."),
        ["USER"] = new(FtpNeed.Tls, SignInCommands.UserAsync),
        ["PASS"] = new(FtpNeed.Tls, SignInCommands.PassAsync),
        ["ACCT"] = FtpVerb.Says(FtpNeed.Tls, 202, "Not needed."),
        ["REIN"] = FtpVerb.Says(FtpNeed.Nothing, 502, "Open another connection."),
        ["QUIT"] = new(FtpNeed.Nothing, (_, _, _) => new(new FtpReply(221, "Goodbye.") { Closes = true })),

        // About the server
        ["FEAT"] = new(FtpNeed.Nothing, InfoCommands.Feat),
        ["SYST"] = FtpVerb.Says(FtpNeed.Nothing, 215, "UNIX Type: L8"),
        ["HELP"] = new(FtpNeed.Nothing, InfoCommands.Help),
        ["NOOP"] = FtpVerb.Says(FtpNeed.Nothing, 200, "Here."),
        ["CLNT"] = FtpVerb.Says(FtpNeed.Nothing, 200, "Noted."),
        ["OPTS"] = new(FtpNeed.Nothing, InfoCommands.Opts),
        ["STAT"] = new(FtpNeed.Account, InfoCommands.Stat),
        ["SITE"] = FtpVerb.Says(FtpNeed.Account, 502, "No SITE commands are offered."),

        // Parameters of transfers
        ["TYPE"] = new(FtpNeed.Account, InfoCommands.Type),
        ["MODE"] = new(FtpNeed.Account, InfoCommands.Mode),
        ["STRU"] = new(FtpNeed.Account, InfoCommands.Stru),
        ["ALLO"] = new(FtpNeed.Account, InfoCommands.Allo),
        ["REST"] = new(FtpNeed.Account, InfoCommands.Rest),
        ["EPSV"] = new(FtpNeed.Account, PassiveCommands.Epsv),
        ["PASV"] = new(FtpNeed.Account, PassiveCommands.Pasv),
        ["PORT"] = s_noActive,
        ["EPRT"] = s_noActive,
        ["ABOR"] = FtpVerb.Says(FtpNeed.Account, 226, "No transfer is under way."),

        // Folders
        ["PWD"] = new(FtpNeed.Account, FolderCommands.Pwd),
        ["CWD"] = new(FtpNeed.Account, FolderCommands.CwdAsync),
        ["CDUP"] = new(FtpNeed.Account, FolderCommands.Cdup),
        ["MKD"] = s_make,
        ["RMD"] = s_remove,
        ["LIST"] = new(FtpNeed.Account, FolderCommands.ListAsync),
        ["NLST"] = new(FtpNeed.Account, FolderCommands.NlstAsync),
        ["MLSD"] = new(FtpNeed.Account, FolderCommands.MlsdAsync),

        // Files
        ["MLST"] = new(FtpNeed.Account, FileCommands.MlstAsync),
        ["SIZE"] = new(FtpNeed.Account, FileCommands.SizeAsync),
        ["MDTM"] = new(FtpNeed.Account, FileCommands.MdtmAsync),
        ["RETR"] = new(FtpNeed.Account, RetrieveCommand.RunAsync),
        ["STOR"] = new(FtpNeed.Account, StoreCommand.RunAsync),
        ["APPE"] = s_noPartial,
        ["STOU"] = s_noPartial,
        ["RNFR"] = new(FtpNeed.Account, FileCommands.RnfrAsync),
        ["RNTO"] = new(FtpNeed.Account, FileCommands.RntoAsync),
        ["DELE"] = new(FtpNeed.Account, FileCommands.DeleAsync),

        // The same under the names of RFC 775
        ["XPWD"] = new(FtpNeed.Account, FolderCommands.Pwd),
        ["XCWD"] = new(FtpNeed.Account, FolderCommands.CwdAsync),
        ["XCUP"] = new(FtpNeed.Account, FolderCommands.Cdup),
        ["XMKD"] = s_make,
        ["XRMD"] = s_remove,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> Names => s_all.Keys.Order(StringComparer.Ordinal);

    /// <summary>Runs one line. Refusals and our own faults become replies here and nowhere else.</summary>
    public static async Task<FtpReply?> RunAsync(FtpSession session, string line, CancellationToken cancellationToken)
    {
        var (verb, argument) = Split(line);
        if (!s_all.TryGetValue(verb, out var known))
            return new FtpReply(500, "Unknown command.");
        if (known.Need != FtpNeed.Nothing && !session.Control.IsSecure && !session.MayTalkPlain)
            return new FtpReply(530, "TLS is required: AUTH TLS first.");
        if (known.Need == FtpNeed.Account && session.Account is null)
            return new FtpReply(530, "Sign in first: USER and PASS.");
        if (argument.Contains('\0', StringComparison.Ordinal))
            return new FtpReply(501, "A NUL is not allowed.");
        var renameFrom = session.RenameFrom;
        try
        {
            return await known.Run(session, argument, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpRefusedException refusal)
        {
            return new FtpReply(refusal.Code, refusal.Message);
        }
        catch (As2Exception full) when (full.Id == StoreIsFull)
        {
            FtpServerLog.Fault(session.Log, session.Id, verb.ToUpperInvariant(), full);
            return new FtpReply(452, "There is no room here; nothing was stored. Try again later.");
        }
        catch (As2Exception fault)
        {
            FtpServerLog.Fault(session.Log, session.Id, verb.ToUpperInvariant(), fault);
            return new FtpReply(451, "A fault of ours; it is logged. Try again later.");
        }
        finally
        {
            // RNFR is only good for the command right after it (RFC 959 §4.1.3).
            if (renameFrom is not null && session.RenameFrom == renameFrom)
                session.RenameFrom = null;
        }
    }

    public static (string Verb, string Argument) Split(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? (line, "") : (line[..blank], line[(blank + 1)..]);
    }
}
