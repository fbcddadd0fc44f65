namespace Orleans.Pipeline.Support;

/// <summary>A test of a page whose examples call curl; it is skipped where there is none.</summary>
public sealed class CurlFactAttribute : FactAttribute
{
    public CurlFactAttribute() => Skip = InstalledProgram.Find("curl") is null ? "curl is not installed." : null;
}
