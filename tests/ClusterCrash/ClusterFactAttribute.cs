namespace Orleans.Pipeline.ClusterCrash.Tests;

/// <summary>A test of silo processes over a PostgreSQL server that it may stop and start.</summary>
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = Impediment;

    /// <summary>Why there can be no such server; null if there can.</summary>
    public static string? Impediment => PostgresInstallation.Find() is null ? "No PostgreSQL is installed here (Debian: postgresql)." : null;
}

/// <summary>A <see cref="ClusterFactAttribute"/> over data.</summary>
internal sealed class ClusterTheoryAttribute : TheoryAttribute
{
    public ClusterTheoryAttribute() => Skip = ClusterFactAttribute.Impediment;
}
