using System.Reflection;

namespace Orleans.Pipeline.Storage.Tests;

/// <summary>What programs of the first schema version stored; see FirstVersion/README.md.</summary>
internal static class FirstVersion
{
    public static Stream Open(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
}
