namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>A test that needs a server of its own on a small disk; skipped, with the reason, where that is not possible.</summary>
internal sealed class DiskFactAttribute : FactAttribute
{
    public DiskFactAttribute() => Skip = Mount.Impediment ?? new RequiresPostgresAttribute { OwnServer = true }.Unmet;
}
