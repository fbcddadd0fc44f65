using System.Data.Common;
using Microsoft.Extensions.Hosting;

namespace Orleans.Pipeline.Silo;

/// <summary>
/// The table of members, which a silo that is told to stop leaves without waiting for a database that is away: Orleans would try for
/// minutes to write its leave. The others find out by themselves, as they do of one that was killed.
/// </summary>
internal sealed class LeavableMembership(IMembershipTable members, IHostApplicationLifetime host) : IMembershipTable
{
    private volatile MembershipTableData? _lastRead;

    public Task InitializeMembershipTable(bool tryInitTableVersion) => members.InitializeMembershipTable(tryInitTableVersion);

    public Task DeleteMembershipTableEntries(string clusterId) => members.DeleteMembershipTableEntries(clusterId);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => members.CleanupDefunctSiloEntries(beforeDate);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => members.ReadRow(key);

    public async Task<MembershipTableData> ReadAll()
    {
        try
        {
            return _lastRead = await members.ReadAll();
        }
        catch (DbException) when (host.ApplicationStopping.IsCancellationRequested && _lastRead is not null)
        {
            return _lastRead;
        }
    }

    public async Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        try
        {
            return await members.InsertRow(entry, tableVersion);
        }
        catch (DbException) when (host.ApplicationStopping.IsCancellationRequested)
        {
            return true;
        }
    }

    public async Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        try
        {
            return await members.UpdateRow(entry, etag, tableVersion);
        }
        catch (DbException) when (host.ApplicationStopping.IsCancellationRequested)
        {
            return true;
        }
    }

    public Task UpdateIAmAlive(MembershipEntry entry) => members.UpdateIAmAlive(entry);
}
