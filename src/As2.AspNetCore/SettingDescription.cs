namespace As2.AspNetCore;

/// <summary>One setting, for a form or a manual.</summary>
/// <param name="Name">Its name in the settings; compared without case.</param>
/// <param name="Accepts">What may be written.</param>
/// <param name="Meaning">What it is for.</param>
/// <param name="Default">What holds without it, in the same words.</param>
public sealed record SettingDescription(string Name, string Accepts, string Meaning, string Default);
