namespace Orleans.Pipeline.Support;

/// <summary>A test that needs a process which obeys file permissions.</summary>
public sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute() =>
        Skip = Privileges.CanDrop ? null : "root may write any file, and setpriv (of util-linux) is not there to give that up";
}
