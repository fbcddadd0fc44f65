using System.Reflection;

namespace Orleans.Pipeline.Storage.Tests;

/// <summary>What programs of earlier schema versions stored; see FirstVersion/README.md and SecondVersion/README.md.</summary>
internal static class KeptVersion
{
    public static Stream Open(int version, string name) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream($"{version}.{name}")!;
}
