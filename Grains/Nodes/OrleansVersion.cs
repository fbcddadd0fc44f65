using System.Reflection;

namespace Orleans.Pipeline.Grains.Nodes;

/// <summary>The version of Orleans that this silo runs.</summary>
/// <param name="Text">The version, such as <c>10.4.2</c>; null if unknown.</param>
internal sealed record OrleansVersion(string? Text)
{
    /// <summary>Gets the loaded assembly's version. The assembly adds the commit: <c>10.4.2. Commit Hash: …</c>.</summary>
    public static OrleansVersion Loaded { get; } = new(typeof(Grain).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(' ', '+')[0].TrimEnd('.'));
}
