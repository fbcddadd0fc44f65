using System.Reflection;

namespace Orleans.Pipeline.Grains.Nodes;

/// <summary>The version of Orleans that this silo runs.</summary>
/// <param name="Text">Such as <c>10.4.2</c>; null is unknown.</param>
internal sealed record OrleansVersion(string? Text)
{
    /// <summary>That of the assembly that is loaded; it has the commit behind it: <c>10.4.2. Commit Hash: …</c>.</summary>
    public static OrleansVersion Loaded { get; } = new(typeof(Grain).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(' ', '+')[0].TrimEnd('.'));
}
