namespace ManagedGateway.Demo;

/// <summary>One organisation of the demo, with its FTP account for the other one.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="As2Id">Its AS2 name.</param>
/// <param name="Account">Its FTP account.</param>
/// <param name="Password">The account's password, made at first start.</param>
internal sealed record DemoOrganisation(string Name, string As2Id, string Account, string Password);

/// <summary>What the demo has set up.</summary>
/// <param name="Settings">The gateway's settings.</param>
/// <param name="Northwind">The buyer.</param>
/// <param name="Contoso">The supplier.</param>
/// <param name="FtpsPin">SHA-256 of the FTPS server's certificate.</param>
internal sealed record DemoWorld(GatewaySettings Settings, DemoOrganisation Northwind, DemoOrganisation Contoso, string FtpsPin)
{
    /// <summary>The AS2 endpoint of both organisations.</summary>
    public string As2Address => $"http://{Settings.Listen.Address}:{Settings.Listen.As2Port}/as2";

    /// <summary>Where to look next.</summary>
    public string Closing() => $"""

        The gateway stays up until Ctrl+C. Put a file into an outbox, and it is sent:
          curl --ssl-reqd -k --user {Northwind.Account}:{Northwind.Password} -T FILE ftp://{Settings.Listen.Address}:{Settings.Listen.FtpsPort}/outbox/
          curl --ssl-reqd -k --user {Contoso.Account}:{Contoso.Password} ftp://{Settings.Listen.Address}:{Settings.Listen.FtpsPort}/inbox/
        Folders of each account: outbox inbox sent failed receipts. Settings: {GatewaySettings.FileName} in the data folder.
        """;
}
