namespace ManagedGateway.Console.Parts;

/// <summary>Addresses of pages that take names: an AS2 name may hold what a path may not.</summary>
internal static class Links
{
    /// <summary>The page of a partnership.</summary>
    public static string Partner(string local, string partner) => $"/partner?local={Uri.EscapeDataString(local)}&partner={Uri.EscapeDataString(partner)}";

    /// <summary>The form of a partnership.</summary>
    public static string EditPartner(string local, string partner) => $"/partner/edit?local={Uri.EscapeDataString(local)}&partner={Uri.EscapeDataString(partner)}";

    /// <summary>The page of one of our stations.</summary>
    public static string Station(string name) => $"/station?name={Uri.EscapeDataString(name)}";

    /// <summary>Our certificate for partners as a file.</summary>
    public static string StationCertificate(string station, string sha256, string form) => $"/api/v1/stations/{Uri.EscapeDataString(station)}/certificates/{sha256}/{form}";

    /// <summary>The messages of a pair.</summary>
    public static string Messages(string local, string partner) => $"/messages?local={Uri.EscapeDataString(local)}&partner={Uri.EscapeDataString(partner)}";
}
