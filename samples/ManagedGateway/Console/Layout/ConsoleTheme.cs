using MudBlazor;

namespace ManagedGateway.Console.Layout;

/// <summary>Colours and letters. Fonts are those of the machine: nothing is fetched from outside.</summary>
internal static class ConsoleTheme
{
    private static readonly string[] s_fonts = ["system-ui", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1f4e79", AppbarBackground = "#1f4e79", Background = "#f3f5f8", DrawerBackground = "#ffffff", TextPrimary = "#1c2733", TextSecondary = "#515d69",
            Success = "#1b6e3a", Warning = "#8a5300", Error = "#a3191f", Info = "#1f4e79",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#8ec1ee", AppbarBackground = "#1d242c", Background = "#14191f", Surface = "#1d242c", DrawerBackground = "#1a2027", TextPrimary = "#e6ebf1", TextSecondary = "#b0bbc7",
            Success = "#7fd39b", Warning = "#f0b866", Error = "#ff9a9a", Info = "#8ec1ee", PrimaryContrastText = "#0d1a26",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = s_fonts, FontSize = ".9rem" },
            H1 = new H1Typography { FontFamily = s_fonts, FontSize = "1.5rem", FontWeight = "600" },
            H2 = new H2Typography { FontFamily = s_fonts, FontSize = "1.05rem", FontWeight = "600" },
            Button = new ButtonTypography { FontFamily = s_fonts, TextTransform = "none" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
    };
}
